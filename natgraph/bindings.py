"""Values for a query's variables, as RDF terms: never text that is pasted into a query.

A query with parameters has one line of its own, ``VALUES (?a ?b) { (…) }``, with an example, so that it runs
as it stands. Our engine is given the query without that line, and the terms beside it. A store elsewhere
takes text only: it gets the line with other terms, written by the RDF library.
"""

import re
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from natgraph.errors import QueryForbidden

Value = NamedNode | Literal
Bindings = tuple[tuple[str, Value], ...]

_LINE = re.compile(r"^[ ]*VALUES \((?P<names>\?\w+(?: \?\w+)*)\) \{ \(.*\) \}$\n?", re.MULTILINE)


def parameters_of(query: str) -> tuple[str, ...]:
    """The names of a query's parameters, in the order of its line; none if it has no such line."""
    line = _LINE.search(query)
    return tuple(line["names"].replace("?", "").split()) if line else ()


def example_of(query: str) -> Bindings:
    """The terms that the query's text itself has for its parameters."""
    line = _LINE.search(query)
    if not line:
        return ()
    found = Store().query(f"SELECT * {{ {line[0]} }}")
    assert isinstance(found, QuerySolutions)  # noqa: S101 - it is a SELECT
    row = next(iter(found))
    values = ((name, row[name]) for name in parameters_of(query))
    return tuple((name, value) for name, value in values if isinstance(value, Value))


def without_values(query: str, bindings: Bindings) -> str:
    """The query without the line of its parameters, for an engine that is given their terms.

    Raises ValueError if these are not the query's parameters.
    """
    _fitting(query, bindings)
    return _LINE.sub("", query, count=1) if bindings else query


def with_values(query: str, bindings: Bindings) -> str:
    """The query with these terms in the line of its parameters: it asks the same as text.

    Raises ValueError if these are not the query's parameters, QueryForbidden for a text with a backslash,
    which stores read differently.
    """
    values = dict(_fitting(query, bindings))
    if not values:
        return query
    names = parameters_of(query)
    heads, terms = " ".join(f"?{name}" for name in names), " ".join(_written(values[name]) for name in names)
    line = f"VALUES ({heads}) {{ ({terms}) }}"
    return _LINE.sub(lambda found: f"{_indent(found[0])}{line}\n", query, count=1)


def told(bindings: Bindings) -> dict[str, dict[str, str]]:
    """The terms as JSON, as in SPARQL results (https://www.w3.org/TR/sparql11-results-json/, 3.2.2)."""
    return {name: _told(value) for name, value in bindings}


def heard(told: Mapping[str, Mapping[str, str]]) -> Bindings:
    """The terms that ``told`` tells."""
    return tuple((name, _heard(value)) for name, value in told.items())


def _fitting(query: str, bindings: Bindings) -> Bindings:
    names = [name for name, _ in bindings]
    if names and sorted(names) != sorted(parameters_of(query)):
        raise ValueError(f"The query's parameters are {parameters_of(query)}, not {names}.")
    return bindings


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _written(value: Value) -> str:
    if isinstance(value, Literal) and "\\" in value.value:
        raise QueryForbidden("A value with a backslash is not sent to a store elsewhere.")
    return str(value)


def _told(value: Value) -> dict[str, str]:
    if isinstance(value, NamedNode):
        return {"type": "uri", "value": value.value}
    if value.language:
        return {"type": "literal", "value": value.value, "xml:lang": value.language}
    return {"type": "literal", "value": value.value, "datatype": value.datatype.value}


def _heard(value: Mapping[str, str]) -> Value:
    if value["type"] == "uri":
        return NamedNode(value["value"])
    if "xml:lang" in value:
        return Literal(value["value"], language=value["xml:lang"])
    return Literal(value["value"], datatype=NamedNode(value["datatype"]))
