"""Results as plain values for JSON: objects with camelCase names, texts with a key a language."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any


def plain(result: object) -> Any:
    """A result as dictionaries, lists, texts, numbers and None; a property that is None is left out.

    >>> from natgraph.chains.things import Text, Thing
    >>> plain(Thing("https://w3id.org/natgraph/id/barrier/x", Text("ett", "one")))
    {'iri': 'https://w3id.org/natgraph/id/barrier/x', 'name': {'sv': 'ett', 'en': 'one'}}
    """
    if is_dataclass(result):
        values = ((field.name, getattr(result, field.name)) for field in fields(result))
        return {_camel(name): plain(value) for name, value in values if value is not None}
    if isinstance(result, Mapping):
        return {str(key): plain(value) for key, value in result.items()}
    if isinstance(result, date):
        return result.isoformat()
    if isinstance(result, Set):
        return sorted(plain(value) for value in result)
    if isinstance(result, Sequence) and not isinstance(result, str):
        return [plain(value) for value in result]
    return result


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
