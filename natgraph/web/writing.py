"""``/update`` (SPARQL 1.1 Protocol, section 2.2) and ``/publish``, for those who have a token."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from natgraph.web.params import FORM, body_of, media_type, parse
from natgraph.web.publisher import Publisher
from natgraph.web.tokens import writer
from natgraph.writes.change import Update
from natgraph.writes.prepare import Prepared

UPDATE = "application/sparql-update"
LARGEST = 64 << 20
"""Bytes that one write may have."""


def router(publisher: Publisher, tokens: Mapping[str, str]) -> APIRouter:
    """The routes, open to whoever has one of the tokens (name → token)."""
    routes = APIRouter()

    @routes.post("/update")
    async def update(request: Request) -> Response:
        who = writer(request, tokens)
        return written(await publisher.write(Update(await _text(request)), who))

    @routes.post("/publish")
    async def publish(request: Request) -> Response:
        writer(request, tokens)
        before = publisher.version
        changed = await publisher.publish()
        return JSONResponse({"version": publisher.version, "before": before, "changed": changed})

    return routes


def written(done: Prepared, status: HTTPStatus = HTTPStatus.NO_CONTENT) -> Response:
    """The answer to a write that is done: it names the data version that holds it."""
    return Response(status_code=status, headers={"Natgraph-Version": done.version})


async def _text(request: Request) -> str:
    """The update in a request, as body or in a form; raises HTTPException 400, 413 or 415."""
    kind = media_type(request)
    if kind not in (FORM, UPDATE):
        detail = f"Send the update as {UPDATE} or as {FORM}."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"Accept-Post": f"{UPDATE}, {FORM}"})
    values = parse(request.scope["query_string"])
    body = await body_of(request, LARGEST)
    if kind == FORM:
        values = {**values, **parse(body)}
    else:
        values = {**values, "update": [*values.get("update", []), _decoded(body)]}
    return _only(values)


def _only(values: Mapping[str, list[str]]) -> str:
    if "query" in values:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Queries are answered at /sparql; send an update here.")
    if {"using-graph-uri", "using-named-graph-uri"} & values.keys():
        detail = "Name the graphs an update looks at in its text, by USING or WITH."
        raise HTTPException(HTTPStatus.BAD_REQUEST, detail)
    updates = values.get("update", [])
    if len(updates) != 1:
        detail = f"Send exactly one update; there were {len(updates)}."
        raise HTTPException(HTTPStatus.BAD_REQUEST, detail)
    return updates[0]


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The update is not UTF-8.") from None
