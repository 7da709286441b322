"""``/sparql``: queries by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

import hashlib
import json
from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from natgraph.engine import Answer, Backend, NotAcceptable, Request
from natgraph.formats import GRAPHS, RESULTS, Format, by_name
from natgraph.guard import MAX_DEPTH
from natgraph.web.description import describe
from natgraph.web.disconnect import unless_gone
from natgraph.web.facts import Facts
from natgraph.web.negotiate import choose, language, wants_page
from natgraph.web.pages import results_page
from natgraph.web.params import Parameters, from_post, from_url, read
from natgraph.web.settings import Settings
from natgraph.web.streamed import Streamed

_METHODS = "GET, HEAD, POST, OPTIONS"


def router(engine: Backend, settings: Settings, facts: Facts) -> APIRouter:
    """The endpoint over an engine; ``facts`` tell the named graphs it describes."""
    routes = APIRouter()

    @routes.api_route("/sparql", methods=["GET", "HEAD"])
    async def get(request: HttpRequest) -> Response:
        values = from_url(request)
        if not {"query", "update"} & values.keys():
            if wants_page(request):
                return RedirectResponse(f"/?lang={language(request)}#query", HTTPStatus.SEE_OTHER)
            return await _description(request, engine, settings, facts)
        return await _answer(request, read(values), engine)

    @routes.post("/sparql")
    async def post(request: HttpRequest) -> Response:
        parameters = await from_post(request, settings.limits.text)
        return await _answer(request, parameters, engine)

    @routes.options("/sparql")
    async def options() -> Response:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": _METHODS})

    return routes


async def _answer(request: HttpRequest, parameters: Parameters, engine: Backend) -> Response:
    results, graph = _formats(request, parameters.format)
    asked = Request(
        parameters.query, _name(results), _name(graph), parameters.default_graphs, parameters.named_graphs
    )
    page = wants_page(request) and parameters.format is None
    if page:
        asked = replace(asked, results="json", graph="ttl")
    headers = _headers(engine, asked, page)
    if not page and "ETag" in headers and _unchanged(request, headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    client = request.client.host if request.client else ""
    try:
        answer = await unless_gone(request, engine.answer(asked, client, parameters.seconds))
    except NotAcceptable as refused:
        raise _not_acceptable(refused.kind) from None
    if page:
        return await _page(request, parameters.query, answer)
    if answer.parts is not None:
        return Streamed(answer, headers)
    return Response(answer.body, media_type=answer.media_type, headers=headers)


def _headers(engine: Backend, asked: Request, page: bool) -> dict[str, str]:
    """The headers of every answer: what it depends on, and the limits it was made under."""
    limits = engine.limits
    headers = {
        "Vary": "Accept, Accept-Language" if page else "Accept",
        "Cache-Control": "no-cache",
        "Natgraph-Limits": (
            f"seconds={limits.seconds:g}, rows={limits.rows}, bytes={limits.bytes}, "
            f"memory={limits.memory}, depth={MAX_DEPTH}, text={limits.text}"
        ),
    }
    if version := engine.version():
        tag = hashlib.sha256(f"{version} {asked.digest()}".encode()).hexdigest()[:32]
        headers |= {"ETag": f'W/"{tag}"', "Natgraph-Version": version}
    return headers


def _unchanged(request: HttpRequest, tag: str) -> bool:
    """Whether the client has this answer already (RFC 9110, section 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    return known == "*" or tag.removeprefix("W/") in {t.strip().removeprefix("W/") for t in known.split(",")}


async def _description(request: HttpRequest, engine: Backend, settings: Settings, facts: Facts) -> Response:
    form = choose(request.headers.get("accept"), GRAPHS)
    if form is None:
        raise _not_acceptable("graph")
    graphs, merged = await facts.graphs(), engine.version() is not None
    body = describe(f"{settings.public_url}/sparql", graphs, settings.limits, merged, form)
    return Response(body, media_type=form.media_type, headers={"Vary": "Accept"})


def _formats(request: HttpRequest, asked: str | None) -> tuple[Format | None, Format | None]:
    """The formats for a table and for a graph: ``?format=`` decides, else the Accept header."""
    if asked:
        return by_name(asked, RESULTS), by_name(asked, GRAPHS)
    accept = request.headers.get("accept")
    return choose(accept, RESULTS), choose(accept, GRAPHS)


def _name(form: Format | None) -> str | None:
    return form.name if form else None


def _not_acceptable(kind: str) -> HTTPException:
    offered = ", ".join(f.media_type for f in (RESULTS if kind == "results" else GRAPHS))
    return HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"This answer comes as {offered}.")


async def _page(request: HttpRequest, query: str, answer: Answer) -> Response:
    """The answer for a person: a table, or the graph as Turtle text; only its start if it is large."""
    body, whole = answer.body or b"", answer.body is not None
    if answer.parts is not None:
        body = await anext(aiter(answer.parts))
        await answer.parts.aclose()
    if answer.media_type != RESULTS[0].media_type:
        return results_page(language(request), query, None, body.decode(errors="ignore"), whole)
    closed = body if whole else body + b"]}}"
    return results_page(language(request), query, json.loads(closed), None, whole)
