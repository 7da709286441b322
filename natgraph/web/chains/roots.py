"""``root-causes``: where chains begin, ranked by how much they reach."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from natgraph.chains import ChainIndex, RootCauses, root_causes
from natgraph.chains.reaching import Measure
from natgraph.terms import iri
from natgraph.web.chains.answering import Answering
from natgraph.web.chains.answering import add as add_face
from natgraph.web.chains.params import Followed


class Asked(Followed):
    """The parameters of root causes."""

    scope: str | None = Field(
        None,
        min_length=1,
        max_length=300,
        description="Behind what: a barrier, theme, platform, municipality (place) or organisation, as slug,"
        " type/slug or IRI; else everything.",
    )
    by: Measure = Field("barriers", description="The measure that ranks: what a root reaches.")
    stability: bool = Field(True, description="Say how firm each rank is.")


def find(asked: Asked, index: ChainIndex) -> RootCauses:
    """The root causes that were asked for."""
    return root_causes(
        index,
        None if asked.scope is None else iri(asked.scope),
        by=asked.by,
        relations=asked.relations,
        stated_only=asked.stated_only,
        stability=asked.stability,
    )


def add(routes: APIRouter, answering: Answering) -> None:
    """Add this face."""

    async def root_causes(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        """Rank root causes by what they reach, with how stable each rank is.

        Reach is barriers, platforms, municipalities, projects and kronor downstream; levels are by
        interpretive structural modelling (ISM), powers by MICMAC. Never by centrality. Grundorsaker ordnade
        efter vad som nås från dem, med hur säker varje plats i ordningen är.
        """
        return await answering.answer(request, asked, partial(find, asked), evidence=True)

    add_face(routes, "/root-causes", root_causes, RootCauses)
