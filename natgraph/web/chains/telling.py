"""Results in one language: dictionaries with camelCase names, a text as a string, what is None left out."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from pydantic.alias_generators import to_camel

from natgraph.chains import Language, Text, Thing

_PLAIN = frozenset({str, int, float, bool})


def told(result: Any, lang: Language) -> Any:
    """A result as plain values.

    >>> told(Thing("https://w3id.org/natgraph/id/barrier/x", Text("ett", "one")), "sv")
    {'iri': 'https://w3id.org/natgraph/id/barrier/x', 'name': 'ett'}
    """
    kind: Any = type(result)
    if kind in _PLAIN:
        return result
    if kind is Text:
        return result.sv if lang == "sv" else result.en
    if kind in (list, tuple):
        return [told(value, lang) for value in result]
    if kind is dict:
        return {said: told(value, lang) for said, value in result.items()}
    if kind is date:
        return result.isoformat()
    values = ((said, getattr(result, name)) for name, said in _names(kind))
    return {said: told(value, lang) for said, value in values if value is not None}


def things_in(result: Any) -> Iterator[Thing]:
    """Every thing that a result names, as often as it does."""
    kind: Any = type(result)
    if kind is Thing:
        yield result
    elif kind in (list, tuple):
        for value in result:
            yield from things_in(value)
    elif hasattr(kind, "__dataclass_fields__"):
        for name, _ in _names(kind):
            yield from things_in(getattr(result, name))


@cache
def _names(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    """The properties of a class of results, and what they are called in JSON."""
    return tuple((field.name, to_camel(field.name)) for field in fields(kind))
