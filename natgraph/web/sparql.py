"""``/sparql``: queries by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

import json
from http import HTTPStatus
from urllib.parse import parse_qs

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from natgraph.formats import GRAPHS, RESULTS, Format, by_name
from natgraph.web.negotiate import choose, language, wants_page
from natgraph.web.pages import results_page
from natgraph.web.pool import NotAcceptable, Pool
from natgraph.web.settings import Settings

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"


def router(pool: Pool, settings: Settings) -> APIRouter:
    """The endpoint over a pool of workers."""
    routes = APIRouter()

    @routes.get("/sparql")
    async def get(request: Request) -> Response:
        if "query" not in request.query_params and wants_page(request):
            return RedirectResponse(f"/?lang={language(request)}#query", HTTPStatus.SEE_OTHER)
        return await _answer(request, request.query_params.getlist("query"), pool)

    @routes.post("/sparql")
    async def post(request: Request) -> Response:
        return await _answer(request, await _posted(request, settings.max_query), pool)

    return routes


async def _posted(request: Request, limit: int) -> list[str]:
    """The queries of a POST body, sent directly or as a form."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in (_FORM, _DIRECT):
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the query as {_FORM} or as {_DIRECT}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A query may have {limit} bytes.")
    try:
        text = body.decode()
        form = parse_qs(text, errors="strict") if media_type == _FORM else {"query": [text]}
    except UnicodeDecodeError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The body is not UTF-8.") from None
    if "update" in form:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Updates are not answered here; send a query.")
    return form.get("query", [])


async def _answer(request: Request, queries: list[str], pool: Pool) -> Response:
    if len(queries) != 1:
        detail = f"Send exactly one parameter named query; there were {len(queries)}."
        raise HTTPException(HTTPStatus.BAD_REQUEST, detail)
    if wants_page(request) and not request.query_params.get("format"):
        return await _page(request, queries[0], pool)
    results, graph = _formats(request)
    try:
        media_type, body = await pool.ask(queries[0], _name(results), _name(graph))
    except NotAcceptable as refused:
        among = RESULTS if refused.kind == "results" else GRAPHS
        offered = ", ".join(f.media_type for f in among)
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"This answer comes as {offered}.") from None
    return Response(body, media_type=media_type, headers={"Vary": "Accept", **CORS})


def _name(form: Format | None) -> str | None:
    return form.name if form else None


CORS = {"Access-Control-Allow-Origin": "*"}


def _formats(request: Request) -> tuple[Format | None, Format | None]:
    """The formats for a table and for a graph: ``?format=`` decides, else the Accept header."""
    asked = request.query_params.get("format")
    if asked:
        return by_name(asked, RESULTS), by_name(asked, GRAPHS)
    accept = request.headers.get("accept")
    return choose(accept, RESULTS), choose(accept, GRAPHS)


async def _page(request: Request, query: str, pool: Pool) -> Response:
    """The answer for a person: a table, or the graph as Turtle text."""
    media_type, body = await pool.ask(query, "json", "ttl")
    table = json.loads(body) if media_type == RESULTS[0].media_type else None
    text = None if table is not None else body.decode()
    return results_page(language(request), query, table, text)
