"""``…/{id}/who-can-act``: who can remove or influence a barrier, or what someone meets."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from natgraph.chains import ChainIndex, WhoCanAct, who_can_act
from natgraph.terms import BASE
from natgraph.web.chains.answering import Answering
from natgraph.web.chains.answering import add as add_face
from natgraph.web.chains.params import Followed, Slug

_TYPES = {
    "barriers": "barrier",
    "municipalities": "place",
    "organisations": "organisation",
    "platforms": "platform",
}


class Asked(Followed):
    """The parameters of who can act."""

    behind: bool = Field(True, description="Also on every cause of the barriers.")


def find(kind: str, slug: str, asked: Asked, index: ChainIndex) -> WhoCanAct:
    """Who can act on the thing of that type; raises NotFound with near matches of the type."""
    reference = f"{BASE}id/{kind}/{slug}"
    known = (
        index.barrier(index.number(reference)).iri if kind == "barrier" else index.known(reference, [kind])
    )
    return who_can_act(
        index, known, behind=asked.behind, relations=asked.relations, stated_only=asked.stated_only
    )


def add(routes: APIRouter, answering: Answering) -> None:
    """Add this face, for everything that it can be asked about."""
    for collection, kind in _TYPES.items():
        _add(routes, answering, collection, kind)


def _add(routes: APIRouter, answering: Answering, collection: str, kind: str) -> None:
    async def who_can_act(request: Request, slug: Slug, asked: Annotated[Asked, Query()]) -> Response:
        """Say who can remove and influence barriers, who has to be consulted, and which law stands behind.

        For a municipality, organisation or platform: the barriers that it, its units and projects have met,
        with what lies behind them; yours marks its own powers. Vem kan undanröja eller påverka hindren, vem
        ska höras, och vilken lag ligger bakom? Med steg och källor för varje rad.
        """
        links = {"chain": f"/api/v1/barriers/{slug}/chain"} if kind == "barrier" else {}
        return await answering.answer(request, asked, partial(find, kind, slug, asked), links=links)

    add_face(routes, f"/{collection}/{{id}}/who-can-act", who_can_act, WhoCanAct)
