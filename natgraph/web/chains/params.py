"""The parameters that several faces take."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from natgraph.chains import Language
from natgraph.chains.things import KINDS, Kind

Form = Literal["json", "jsonld", "csv", "graphml", "dot", "mermaid", "svg"]
Slug = Annotated[
    str, Path(alias="id", min_length=1, max_length=200, description="Slug: the last part of the IRI.")
]


def _parted(values: object) -> object:
    """Values given one by one, or several with commas between."""
    if not isinstance(values, Sequence) or isinstance(values, str):
        return values
    return [part.strip() for value in values for part in str(value).split(",")]


class Asked(BaseModel):
    """What every face takes; a parameter that it does not know is refused, so that none is lost."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, serialize_by_alias=True)

    lang: Language | None = Field(None, description="Language of the answer; else Accept-Language decides.")


class Followed(Asked):
    """Which links a chain follows."""

    relations: Annotated[list[Kind], BeforeValidator(_parted)] = Field(
        ["causes", "reinforces"],
        min_length=1,
        max_length=len(KINDS),
        description="Relations that are followed; several with commas between, or given again. part-of is no"
        " cause: it is followed, from the part to the whole, only if it is named.",
    )
    stated_only: bool = Field(False, description="Leave out what the editors concluded.")


class Exported(Followed):
    """An answer with a chain, which comes in several formats."""

    format: Form | None = Field(None, description="Format of the answer; else the Accept header decides.")
