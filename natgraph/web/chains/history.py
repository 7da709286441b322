"""``barriers/{id}/timeline`` and ``stalled``: a barrier through time, and those to which nothing happens."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from natgraph.chains import ChainIndex, Stalled, Timeline, stalled, timeline
from natgraph.terms import BASE
from natgraph.web.chains.answering import Answering
from natgraph.web.chains.answering import add as add_face
from natgraph.web.chains.params import Asked, Slug


class Quiet(Asked):
    """The parameters of stalled."""

    years: int = Field(5, ge=1, le=100, description="For how many years nothing has happened.")
    today: date | None = Field(
        None,
        ge=date(1900, 1, 1),
        le=date(2999, 12, 31),
        description="The day to count back from; else today.",
    )


def find_timeline(barrier: str, index: ChainIndex) -> Timeline:
    """What is dated about a barrier."""
    return timeline(index, barrier)


def find_stalled(years: int, today: date, index: ChainIndex) -> Stalled:
    """The barriers to which nothing happened."""
    return stalled(index, years, today)


def add(routes: APIRouter, answering: Answering) -> None:
    """Add both faces."""

    async def timeline(request: Request, slug: Slug, asked: Annotated[Asked, Query()]) -> Response:
        """Tell what is dated about a barrier, the oldest first.

        Steps that a source states, measures, and readings: a source saw the barrier then. Vad som är daterat
        om ett hinder: steg som en källa nämner, åtgärder och avläsningar.
        """
        compute = partial(find_timeline, f"{BASE}id/barrier/{slug}")
        links = {"chain": f"/api/v1/barriers/{slug}/chain"}
        return await answering.answer(request, asked, compute, links=links, evidence=True)

    async def stalled(request: Request, asked: Annotated[Quiet, Query()]) -> Response:
        """List the barriers still there to which nothing dated has happened for some years.

        undated are those of which nothing that happened has a date. Hinder som finns kvar och som inget
        daterat har hänt med på några år.
        """
        today = asked.today or datetime.now(UTC).date()
        asked = asked.model_copy(update={"today": today})
        return await answering.answer(
            request, asked, partial(find_stalled, asked.years, today), evidence=True
        )

    add_face(routes, "/barriers/{id}/timeline", timeline, Timeline)
    add_face(routes, "/stalled", stalled, Stalled)
