"""``/sparql``: queries by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

import json
from dataclasses import replace
from functools import cache
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from natgraph.engine import Answer, Backend, Limits, NotAcceptable, Request
from natgraph.formats import GRAPHS, RESULTS, Format, by_name
from natgraph.guard import MAX_DEPTH
from natgraph.web import problems
from natgraph.web.description import describe
from natgraph.web.disconnect import unless_gone
from natgraph.web.negotiate import choose, language, unchanged, wants_page
from natgraph.web.pages import results_page
from natgraph.web.params import Parameters, from_post, from_url, read
from natgraph.web.query_log import KEY
from natgraph.web.settings import Settings
from natgraph.web.site import Site
from natgraph.web.streamed import Streamed

_METHODS = "GET, HEAD, POST, OPTIONS"


class Sparql:
    """The endpoint, as an app of its own, over what a site serves."""

    def __init__(self, site: Site, settings: Settings) -> None:
        self._site = site
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; whatever goes wrong is a problem document."""
        request = HttpRequest(scope, receive)
        try:
            response = await self._respond(request)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last resort: logged, and told without inner workings
            response = problems.response_to(error)
        await response(scope, receive, send)

    async def _respond(self, request: HttpRequest) -> Response:
        backend = self._site.backend
        match request.method:
            case "POST":
                return await _answer(request, await from_post(request, backend.limits.text), backend)
            case "GET" | "HEAD":
                values = from_url(request)
                if {"query", "update"} & values.keys():
                    return await _answer(request, read(values), backend)
                if wants_page(request):
                    return RedirectResponse(f"/?lang={language(request)}#query", HTTPStatus.SEE_OTHER)
                return await _description(request, self._site, self._settings)
            case "OPTIONS":
                return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": _METHODS})
            case _:
                raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": _METHODS})


async def _answer(request: HttpRequest, parameters: Parameters, backend: Backend) -> Response:
    results, graph = _formats(request, parameters.format)
    asked = Request(
        parameters.query, _name(results), _name(graph), parameters.default_graphs, parameters.named_graphs
    )
    page = wants_page(request) and parameters.format is None
    if page:
        asked = replace(asked, results="json", graph="ttl")
    request.scope[KEY] = {
        "query": asked.query,
        "format": results and results.name,
        "version": backend.version,
    }
    headers = _headers(backend, asked, page)
    if not page and unchanged(request, headers.get("ETag")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    client = request.client.host if request.client else ""
    try:
        answer = await unless_gone(request.receive, backend.answer(asked, client, parameters.seconds))
    except NotAcceptable as refused:
        raise _not_acceptable(refused.kind) from None
    if page:
        return await _page(request, parameters.query, answer)
    if answer.parts is not None:
        return Streamed(answer, headers)
    return Response(answer.body, media_type=answer.media_type, headers=headers)


def _headers(backend: Backend, asked: Request, page: bool) -> dict[str, str]:
    """The headers of every answer: what it depends on, and the limits it was made under."""
    headers = {
        "Vary": "Accept, Accept-Encoding, Accept-Language" if page else "Accept, Accept-Encoding",
        "Cache-Control": "no-cache",
        "Natgraph-Version": backend.version or "unknown",
        "Natgraph-Limits": _told(backend.limits),
    }
    if backend.version:
        headers["ETag"] = f'W/"{backend.version[:16]}-{asked.digest[:32]}"'
    return headers


@cache
def _told(limits: Limits) -> str:
    return (
        f"seconds={limits.seconds:g}, rows={limits.rows}, bytes={limits.bytes}, "
        f"memory={limits.memory}, depth={MAX_DEPTH}, text={limits.text}"
    )


async def _description(request: HttpRequest, site: Site, settings: Settings) -> Response:
    form = choose(request.headers.get("accept"), GRAPHS)
    if form is None:
        raise _not_acceptable("graph")
    graphs, merged = await site.facts.graphs(), site.backend.version is not None
    body = describe(f"{settings.public_url}/sparql", graphs, site.backend.limits, merged, form)
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
