"""``/graph-store``: the SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).

Graphs are named by ``?graph=`` or ``?default`` (section 4.2, indirect identification).
"""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from natgraph.engine import Request
from natgraph.formats import GRAPHS, Format, by_name
from natgraph.web.negotiate import choose
from natgraph.web.params import body_of, media_type, parse
from natgraph.web.publisher import Publisher
from natgraph.web.site import Site
from natgraph.web.streamed import Streamed
from natgraph.web.tokens import writer
from natgraph.web.writing import LARGEST, written
from natgraph.writes.change import Change, Delete, Post, Put
from natgraph.writes.graphs import DEFAULT

_CONTENT = "CONSTRUCT WHERE { ?s ?p ?o }"
_FORMS = tuple(form for form in GRAPHS if form.name in ("ttl", "nt", "rdf", "jsonld"))
_PATH = "/graph-store"


def router(site: Site, publisher: Publisher, tokens: Mapping[str, str]) -> APIRouter:
    """Reading for everyone, writing for whoever has one of the tokens (name → token)."""
    routes = APIRouter()

    @routes.api_route(_PATH, methods=["GET", "HEAD"])
    async def get(request: HttpRequest) -> Response:
        return await _read(request, site)

    @routes.put(_PATH)
    async def put(request: HttpRequest) -> Response:
        return await _write(request, Put)

    @routes.post(_PATH)
    async def post(request: HttpRequest) -> Response:
        return await _write(request, Post)

    @routes.delete(_PATH)
    async def delete(request: HttpRequest) -> Response:
        who = writer(request, tokens)
        return await _done(Delete(_graph(request)), who)

    @routes.get(f"{_PATH}/overlay")
    async def overlay(request: HttpRequest) -> Response:
        writer(request, tokens)
        return Response(publisher.overlay().to_json(), media_type="application/json")

    async def _write(request: HttpRequest, kind: type[Put]) -> Response:
        who = writer(request, tokens)
        graph, form = _graph(request), _form(request)
        return await _done(kind(graph, await body_of(request, LARGEST), form.name), who)

    async def _done(change: Change, who: str) -> Response:
        done = await publisher.write(change, who)
        new = any(part.new for part in done.changes)
        return written(done, HTTPStatus.CREATED if new else HTTPStatus.NO_CONTENT)

    return routes


async def _read(request: HttpRequest, site: Site) -> Response:
    graph = _graph(request)
    form = choose(request.headers.get("accept"), _FORMS)
    if form is None:
        offered = ", ".join(f.media_type for f in _FORMS)
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"A graph comes as {offered}.")
    if graph != DEFAULT and graph not in await site.facts.graphs():
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no graph {graph}.")
    named = () if graph == DEFAULT else (graph,)
    answer = await site.backend.answer(Request(_CONTENT, None, form.name, named))
    headers = {"Natgraph-Version": site.version, "Vary": "Accept"}
    if answer.parts is not None:
        return Streamed(answer, headers)
    return Response(answer.body, media_type=answer.media_type, headers=headers)


def _graph(request: HttpRequest) -> str:
    """The IRI of the graph that is meant, empty for the default graph; raises HTTPException 400."""
    values = parse(request.scope["query_string"])
    named = values.get("graph", [])
    if len(named) + ("default" in values) != 1 or (named and not named[0]):
        detail = "Name one graph: ?graph=<its IRI, percent-encoded>, or ?default."
        raise HTTPException(HTTPStatus.BAD_REQUEST, detail)
    return named[0] if named else DEFAULT


def _form(request: HttpRequest) -> Format:
    kind = media_type(request)
    known = by_name(kind, _FORMS) or next((f for f in _FORMS if kind in f.aliases), None)
    if known is None:
        offered = ", ".join(f.media_type for f in _FORMS)
        detail = f"Send a graph as {offered}, and say which in Content-Type."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"Accept-Post": offered})
    return known
