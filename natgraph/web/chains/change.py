"""``what-if`` and ``smallest-change``: what opens if something goes, and what has to go for that."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from natgraph.chains import ChainIndex, SmallestChange, WhatIf, smallest_change, what_if
from natgraph.chains.smallest import SETS
from natgraph.terms import iri
from natgraph.web.chains.answering import Answering
from natgraph.web.chains.answering import add as add_face
from natgraph.web.chains.params import Exported, Followed

Reference = Annotated[str, Field(min_length=1, max_length=300)]
_MANY = 50


class Removal(Exported):
    """The parameters of what-if."""

    remove: list[Reference] = Field(
        min_length=1,
        max_length=_MANY,
        description="What is taken away: the IRI or type/slug of a barrier, barrier-link, legal-act or"
        " legal-provision. May be given again.",
    )


class Goal(Followed):
    """The parameters of smallest-change."""

    goal: Reference = Field(description="The barrier to open: slug, type/slug or IRI.")
    removable: list[Reference] | None = Field(
        None,
        max_length=_MANY,
        description="What may be taken away, as in what-if; else what a known actor can remove and the law"
        " behind the goal. May be given again.",
    )
    anyone: bool = Field(False, description="Take every barrier behind the goal for removable.")
    local: int = Field(1, ge=1, le=1_000, description="Price of what is removed at the local level.")
    regional: int = Field(1, ge=1, le=1_000, description="The same at the regional level.")
    national: int = Field(1, ge=1, le=1_000, description="The same at the national level.")
    eu: int = Field(1, ge=1, le=1_000, description="The same at EU level.")
    max_sets: int = Field(SETS, ge=1, le=100, description="How many sets at most.")


def find_what_if(asked: Removal, index: ChainIndex) -> WhatIf:
    """What becomes of everything downstream."""
    removed = map(iri, asked.remove)
    return what_if(index, removed, relations=asked.relations, stated_only=asked.stated_only)


def find_smallest(asked: Goal, index: ChainIndex) -> SmallestChange:
    """The smallest changes that surely open the goal."""
    return smallest_change(
        index,
        iri(asked.goal),
        removable=None if asked.removable is None else [iri(r) for r in asked.removable],
        anyone=asked.anyone,
        prices=asked.model_dump(include={"local", "regional", "national", "eu"}),
        relations=asked.relations,
        stated_only=asked.stated_only,
        max_sets=asked.max_sets,
    )


def add(routes: APIRouter, answering: Answering) -> None:
    """Add both faces."""

    async def what_if(request: Request, asked: Annotated[Removal, Query()]) -> Response:
        """Say of every barrier downstream what becomes of it if something is taken away.

        It opens, may open (with the reading of what is not known under which it would), or is unaffected. The
        assumptions, and the share of links that are conclusions, come with the answer. Vad händer med varje
        hinder längre fram i kedjan om något tas bort? Antagandena följer med svaret.
        """
        return await answering.answer(request, asked, partial(find_what_if, asked), exported=True)

    async def smallest_change(request: Request, asked: Annotated[Goal, Query()]) -> Response:
        """Find the smallest sets of removable things that surely open a barrier.

        All sets of the least cost, those at the nearest levels first, with who must act at which level. Hitta
        de minsta mängder av det som går att ta bort som säkert öppnar ett hinder.
        """
        return await answering.answer(request, asked, partial(find_smallest, asked), evidence=True)

    add_face(routes, "/what-if", what_if, WhatIf)
    add_face(routes, "/smallest-change", smallest_change, SmallestChange)
