"""The faces of barrier chains as one router."""

from collections.abc import Callable

from fastapi import APIRouter

from natgraph.web.chains import act, chain, change, compare, gaps, history, roots
from natgraph.web.chains.answering import Answering
from natgraph.web.chains.desk import Desk
from natgraph.web.settings import Settings


def router(find_desk: Callable[[], Desk], settings: Settings) -> APIRouter:
    """All faces over the desk that ``find_desk`` gives at the time; its errors become the answer."""
    routes = APIRouter(prefix="/api/v1", tags=["chains"])
    answering = Answering(find_desk, settings.public_url)
    for face in (chain, act, change, roots, compare, gaps, history):
        face.add(routes, answering)
    return routes
