"""``compare``: places, organisations or platforms side by side."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from natgraph.chains import ChainIndex, Comparison, compare
from natgraph.terms import iri
from natgraph.web.chains.answering import Answering
from natgraph.web.chains.answering import add as add_face
from natgraph.web.chains.change import Reference
from natgraph.web.chains.params import Asked as Common


class Asked(Common):
    """The parameters of a comparison."""

    of: list[Reference] = Field(
        min_length=1,
        max_length=10,
        description="What is compared: municipalities (place), organisations or platforms, at least two, as"
        " slug, type/slug or IRI. Given once for each.",
    )


def find(asked: Asked, index: ChainIndex) -> Comparison:
    """The comparison that was asked for."""
    return compare(index, [iri(reference) for reference in asked.of])


def add(routes: APIRouter, answering: Answering) -> None:
    """Add this face."""

    async def compare(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        """Put places, organisations or platforms side by side.

        Barriers that at least two have met, that one has met, and that were solved elsewhere, with the
        measure. There is no ranking: who reports more barriers is doing its work. Hinder som flera mött, som
        en mött, och som lösts på annat håll, med åtgärden. Ingen rangordning.
        """
        return await answering.answer(request, asked, partial(find, asked), evidence=True)

    add_face(routes, "/compare", compare, Comparison)
