"""Query results that can be compared: blank nodes by isomorphism, literals by value."""

import csv
import io
import math
import re
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

Term = tuple[str, ...]
Row = frozenset[tuple[str, Term]]
Map = dict[str, str]

_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_EXACT = re.compile(
    "integer|decimal|long|int|short|byte|(non)?(Negative|Positive|negative|positive)Integer"
    "|unsigned(Long|Int|Short|Byte)"
)
_UTC = re.compile(r"[+-]00:00$")
_TABLES = {
    "json": QueryResultsFormat.JSON,
    "srj": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "srx": QueryResultsFormat.XML,
    "tsv": QueryResultsFormat.TSV,
}


@dataclass(frozen=True)
class Table:
    """The rows of a SELECT, or the triples of a graph; ``ordered`` if their order was asked for."""

    columns: frozenset[str]
    rows: Sequence[Row]
    ordered: bool = False


Outcome = Table | bool


def read(body: bytes, form: str, base: str) -> Outcome:
    """What a body says, in a format told by its short name or by a file's ending."""
    if form == "csv":
        return _from_csv(body)
    if form in _TABLES:
        return _from_table(body, _TABLES[form])
    rdf = RdfFormat.from_extension(form)
    if rdf is None:
        raise ValueError(f"no format is called {form}")
    quads = list(parse(body, format=rdf, base_iri=base))
    if any(q.predicate.value == _TYPE and q.object == NamedNode(f"{_RS}ResultSet") for q in quads):
        return _from_result_set(quads)
    rows = {frozenset((("s", key(q.subject)), ("p", key(q.predicate)), ("o", key(q.object)))) for q in quads}
    return Table(frozenset("spo"), sorted(rows, key=sorted))


def shape_of(path: Path) -> str:
    """How to ask for the kind of result that a file holds: ``table`` or ``graph``."""
    if path.suffix in (".ttl", ".rdf") and _RS.encode() not in path.read_bytes():
        return "graph"
    return "table"


def key(term: NamedNode | BlankNode | Literal | Triple) -> Term:
    """A term as a tuple that is equal for equal values."""
    match term:
        case NamedNode():
            return ("iri", term.value)
        case BlankNode():
            return ("blank", term.value)
        case Literal():
            return ("literal", _value(term), term.datatype.value, (term.language or "").lower())
        case _:
            return ("triple", str(term))


def _value(literal: Literal) -> str:
    text, datatype = literal.value, literal.datatype.value.removeprefix(_XSD)
    try:
        if datatype in ("double", "float"):
            return repr(float(text) if datatype == "double" else _single(float(text)))
        if _EXACT.fullmatch(datatype):
            return str(Decimal(text).normalize() + 0)
    except (InvalidOperation, ValueError):
        return text
    if datatype == "boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    return _UTC.sub("Z", text) if datatype in ("dateTime", "date", "time") else text


def _single(value: float) -> float:
    """The value as a float of 32 bits holds it."""
    if not math.isfinite(value):
        return value
    single: float = struct.unpack("f", struct.pack("f", value))[0]
    return single


def _from_table(body: bytes, form: QueryResultsFormat) -> Outcome:
    results = parse_query_results(body, format=form)
    if isinstance(results, QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    rows = [frozenset((n, key(s[n])) for n in names if s[n] is not None) for s in results]
    return Table(frozenset(names), rows)


def _from_csv(body: bytes) -> Table:
    names, *lines = csv.reader(io.StringIO(body.decode(), newline=""))
    rows = [frozenset((n, _cell(c)) for n, c in zip(names, line, strict=True) if c) for line in lines]
    return Table(frozenset(names), rows)


def _cell(text: str) -> Term:
    if text.startswith("_:"):
        return ("blank", text[2:])
    try:
        return ("number", str(Decimal(text).normalize()))
    except InvalidOperation:
        return ("text", text)


def _from_result_set(quads: Iterable[Quad]) -> Outcome:
    """Results told as a graph in the vocabulary of the suite of SPARQL 1.0."""
    facts: dict[tuple[Term, str], list[NamedNode | BlankNode | Literal | Triple]] = {}
    for quad in quads:
        facts.setdefault((key(quad.subject), quad.predicate.value), []).append(quad.object)
    (root,) = [s for (s, p), o in facts.items() if p == _TYPE and NamedNode(f"{_RS}ResultSet") in o]

    def of(subject: Term, name: str) -> list[NamedNode | BlankNode | Literal | Triple]:
        return facts.get((subject, f"{_RS}{name}"), [])

    if answer := of(root, "boolean"):
        return key(answer[0])[1] == "true"
    found: list[tuple[int, Row]] = []
    for solution in map(key, of(root, "solution")):
        bindings = map(key, of(solution, "binding"))
        row = frozenset((key(of(b, "variable")[0])[1], key(of(b, "value")[0])) for b in bindings)
        found.append((sum(int(key(index)[1]) for index in of(solution, "index")), row))
    found.sort(key=lambda item: item[0])
    columns = frozenset(key(name)[1] for name in of(root, "resultVariable"))
    return Table(columns, [row for _, row in found], ordered=any(index for index, _ in found))


def same(expected: Outcome, actual: Outcome, lax: bool = False) -> bool:
    """Whether two results are the same, but for the names of blank nodes.

    With ``lax`` a row that is expected several times may come less often, but at least once.
    """
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if expected.columns != actual.columns:
        return False
    if lax:
        most, found = Counter(expected.rows), Counter(actual.rows)
        return most.keys() == found.keys() and found <= most
    if len(expected.rows) != len(actual.rows):
        return False
    if expected.ordered:
        return _in_order(expected.rows, actual.rows)
    return _isomorphic(expected.rows, actual.rows)


def _in_order(expected: Iterable[Row], actual: Iterable[Row]) -> bool:
    names: Map = {}
    for one, other in zip(expected, actual, strict=True):
        match = _matches(one, [other], names)
        if not match:
            return False
        names = match[0][0]
    return True


def _isomorphic(expected: Sequence[Row], actual: Sequence[Row]) -> bool:
    if Counter(map(_shape, expected)) != Counter(map(_shape, actual)):
        return False
    return _match([r for r in expected if _blanks(r)], [r for r in actual if _blanks(r)], {})


def _match(expected: list[Row], actual: list[Row], names: Map) -> bool:
    """Whether the rows can be paired under one renaming of blank nodes that begins with ``names``."""
    if not expected:
        return True
    known = names.keys()
    first = max(expected, key=lambda row: len(_blanks(row) & known))
    rest = list(expected)
    rest.remove(first)
    for more, row in _matches(first, actual, names):
        left = list(actual)
        left.remove(row)
        if _match(rest, left, more):
            return True
    return False


def _matches(row: Row, among: Iterable[Row], names: Map) -> list[tuple[Map, Row]]:
    alike = [other for other in dict.fromkeys(among) if _shape(other) == _shape(row)]
    unified = ((_unify(dict(row), dict(other), names), other) for other in alike)
    return [(more, other) for more, other in unified if more is not None]


def _unify(one: dict[str, Term], other: dict[str, Term], names: Map) -> Map | None:
    more = dict(names)
    for column, term in one.items():
        if term[0] == "blank":
            name = other[column][1]
            if more.setdefault(term[1], name) != name:
                return None
    return more if len(set(more.values())) == len(more) else None


def _shape(row: Row) -> Row:
    return frozenset((column, term if term[0] != "blank" else ("blank",)) for column, term in row)


def _blanks(row: Row) -> frozenset[str]:
    return frozenset(term[1] for _, term in row if term[0] == "blank")
