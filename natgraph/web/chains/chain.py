"""``barriers/{id}/chain``: what lies behind a barrier, or what follows from it."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from natgraph.chains import ChainIndex, Direction, Trace, trace
from natgraph.chains.trace import BARRIERS, PATHS
from natgraph.terms import BASE
from natgraph.web.chains.answering import Answering
from natgraph.web.chains.answering import add as add_face
from natgraph.web.chains.params import Exported, Slug


class Asked(Exported):
    """The parameters of a chain."""

    direction: Direction = Field("causes", description="Towards causes, effects, or both.")
    depth: int | None = Field(None, ge=0, le=100, description="How many links far; else to the ends.")
    max_barriers: int = Field(BARRIERS, ge=1, le=5_000, description="How many barriers at most.")
    max_paths: int = Field(PATHS, ge=0, le=1_000, description="How many paths at most.")


def find(barrier: str, asked: Asked, index: ChainIndex) -> Trace:
    """The chain that was asked for."""
    return trace(
        index,
        barrier,
        asked.direction,
        depth=asked.depth,
        relations=asked.relations,
        stated_only=asked.stated_only,
        max_barriers=asked.max_barriers,
        max_paths=asked.max_paths,
    )


def add(routes: APIRouter, answering: Answering) -> None:
    """Add this face."""

    async def chain(request: Request, slug: Slug, asked: Annotated[Asked, Query()]) -> Response:
        """Trace a barrier to its root causes, or to what follows from it.

        Every step says whether a source states it or the editors conclude it, and where that is said. Loops
        are shown as loops. bounds and the header Natgraph-Limits-Met name every limit that was met. Följ ett
        hinder till dess grundorsaker, eller till det som följer av det. Varje steg säger om en källa säger
        det eller om redaktionen drar slutsatsen. Gränser som nåtts sägs.
        """
        here = f"/api/v1/barriers/{slug}"
        links = {"who-can-act": f"{here}/who-can-act", "timeline": f"{here}/timeline"}
        compute = partial(find, f"{BASE}id/barrier/{slug}", asked)
        return await answering.answer(request, asked, compute, links=links, exported=True)

    add_face(routes, "/barriers/{id}/chain", chain, Trace)
