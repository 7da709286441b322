"""The one canonical layout of a record file, so that a change of one fact is a change of one line.

Prefixes that are used, in order; one GRAPH block a source, the editors' last; subjects by IRI; the type and
the labels first; one object a line.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Quad

from natgraph.terms import EDITORS, PREFIXES, RDF, SKOS, XSD

_TYPE = RDF["type"]
_FIRST = {_TYPE: 0, SKOS["prefLabel"]: 1}
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def write(quads: Iterable[Quad]) -> str:
    """The text of a record file with these statements (each in a named graph).

    Reading the text gives the same statements again.
    """
    body = "\n".join(_block(graph, list(rows)) for graph, rows in groupby(_ordered(quads), _graph))
    used = [p for p in sorted(PREFIXES) if f"{p}:" in body]
    return "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in used if _uses(body, p)) + "\n" + body


def _uses(body: str, prefix: str) -> bool:
    """Whether the prefix stands at the start of a name, not inside an IRI or a text."""
    return any(f"{mark}{prefix}:" in body for mark in (" ", "\t", "^^"))


def _graph(quad: Quad) -> NamedNode:
    assert isinstance(quad.graph_name, NamedNode)  # noqa: S101 - the reader refuses anything else
    return quad.graph_name


def _ordered(quads: Iterable[Quad]) -> list[Quad]:
    return sorted(
        set(quads), key=lambda q: (q.graph_name == EDITORS, _graph(q).value, str(q.subject), *_rank(q))
    )


def _rank(quad: Quad) -> tuple[int, str, str]:
    return _FIRST.get(quad.predicate, 2), _name(quad.predicate), str(quad.object)


def _block(graph: NamedNode, quads: list[Quad]) -> str:
    things = "\n".join(
        _thing(str(subject), list(rows)) for subject, rows in groupby(quads, lambda q: q.subject)
    )
    return f"GRAPH {graph} {{\n{things}}}\n"


def _thing(subject: str, quads: list[Quad]) -> str:
    statements = " ;\n".join(_statements(quads))
    return f"  {subject}\n{statements} .\n"


def _statements(quads: list[Quad]) -> Iterator[str]:
    for predicate, rows in groupby(quads, lambda q: q.predicate):
        verb = "a" if predicate == _TYPE else _name(predicate)
        objects = " ,\n      ".join(_object(q.object) for q in rows)
        yield f"    {verb} {objects}"


def _object(term: object) -> str:
    if isinstance(term, NamedNode):
        return _name(term)
    if isinstance(term, Literal) and term.language is None and term.datatype != XSD["string"]:
        return f"{Literal(term.value)}^^{_name(term.datatype)}"
    return str(term)


def _name(node: NamedNode) -> str:
    """A prefixed name where one is declared and needs no escapes, else the whole IRI."""
    for prefix, iri in PREFIXES.items():
        local = node.value.removeprefix(iri)
        if len(local) < len(node.value) and local and _LOCAL.issuperset(local):
            return f"{prefix}:{local}"
    return str(node)
