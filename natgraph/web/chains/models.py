"""What answers look like, as models for ``/openapi.json``: made from the library's own results."""

from collections.abc import Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, reduce
from inspect import getdoc
from operator import or_
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.alias_generators import to_camel

from natgraph.chains import Language, Text
from natgraph.chains.things import How
from natgraph.chains.things import Source as Cited


class Body(BaseModel):
    """Anything in an answer; names are in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Linked(Body):
    """A link to another answer."""

    href: str
    type: str | None = None


class Source(Body):
    """A source: its IRI, and its address (or, if it has none, its title)."""

    iri: str
    address: str


class Evidence(Body):
    """Where a thing that the answer names is said."""

    iri: str
    sources: list[Source]


class Answer(Body):
    """What every answer has beside its own."""

    data_version: str = Field(description="SHA-256 of the data that the answer is made from.")
    language: Language = Field(description="Of all texts in the answer.")
    how: str = Field(description="How the answer was found.")
    read_by: list[str] = Field(description="Names of the queries by which the data was read.")
    evidence: list[Evidence] | None = Field(
        None, description="The sources of the things named, where they do not stand beside them."
    )
    related: dict[str, Linked] = Field(alias="_links")


@cache
def answer_of(result: type[Any]) -> type[Answer]:
    """The model of an answer with a result of the library."""
    return create_model(result.__name__, __base__=Answer, __doc__=_doc(result), **_fields(result))


@cache
def _model(part: type[Any]) -> type[BaseModel]:
    if part is Cited:
        return Source
    return create_model(part.__name__, __base__=Body, __doc__=_doc(part), **_fields(part))


def _fields(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {f.name: _field(hints[f.name], f.default) for f in fields(kind) if hints[f.name] is not How}


def _field(hint: Any, default: Any) -> Any:
    told_as = _type(hint)
    if type(None) in get_args(hint):
        return (told_as, None)
    return told_as if default is MISSING else (told_as, default)


def _type(hint: Any) -> Any:
    """The type of a property as it is told."""
    if hint is Text:
        return str
    if isinstance(hint, type) and is_dataclass(hint):
        return _model(hint)
    parts = tuple(map(_type, get_args(hint)))
    if get_origin(hint) in (Union, UnionType):
        return reduce(or_, parts)
    return list[parts[0]] if get_origin(hint) is Sequence else hint  # type: ignore[valid-type]  # made at run time


def _doc(kind: type[Any]) -> str:
    return (getdoc(kind) or "").partition("\n\n")[0]
