"""``gaps``: what is not known."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from natgraph.chains import Gaps, gaps
from natgraph.web.chains.answering import Answering
from natgraph.web.chains.answering import add as add_face
from natgraph.web.chains.params import Asked


def add(routes: APIRouter, answering: Answering) -> None:
    """Add this face."""

    async def missing(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        """List what is missing: nobody responsible, no measure, only conclusions, no law, one source.

        A gap is something not known, which is not the same as something that is not there. Vad saknas: ingen
        ansvarig, ingen åtgärd, bara slutsatser, ingen lag, en enda källa.
        """
        return await answering.answer(request, asked, gaps, evidence=True)

    add_face(routes, "/gaps", missing, Gaps)
