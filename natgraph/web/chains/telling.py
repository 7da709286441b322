"""Results in one language: dictionaries with camelCase names, a text as a string, what is None left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from pydantic.alias_generators import to_camel

from natgraph.chains import Language, Text, Thing


def told(result: Any, lang: Language) -> Any:
    """A result as plain values.

    >>> told(Thing("https://w3id.org/natgraph/id/barrier/x", Text("ett", "one")), "sv")
    {'iri': 'https://w3id.org/natgraph/id/barrier/x', 'name': 'ett'}
    """
    match result:
        case str() | int() | float() | None:
            return result
        case Text():
            return result.sv if lang == "sv" else result.en
        case date():
            return result.isoformat()
        case Mapping():
            return {key: told(value, lang) for key, value in result.items()}
        case Sequence():
            return [told(value, lang) for value in result]
    kind: Any = type(result)
    values = ((told_as, getattr(result, name)) for name, told_as in _names(kind))
    return {name: told(value, lang) for name, value in values if value is not None}


def things_in(result: Any) -> Iterator[Thing]:
    """Every thing that a result names, as often as it does."""
    if isinstance(result, Thing):
        yield result
    elif is_dataclass(kind := type(result)):
        for name, _ in _names(kind):
            yield from things_in(getattr(result, name))
    elif isinstance(result, Sequence) and not isinstance(result, str):
        for value in result:
            yield from things_in(value)


@cache
def _names(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    """The properties of a class of results, and what they are called in JSON."""
    return tuple((field.name, to_camel(field.name)) for field in fields(kind))
