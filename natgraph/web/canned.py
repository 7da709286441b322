"""``/api/v1/queries``: the canned queries, listed with their text, and answered with a visitor's parameters.

JSON by Sweden's REST profile (https://dev.dataportal.se), or as CSV or SPARQL results.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from natgraph.bindings import Bindings
from natgraph.engine import Request
from natgraph.errors import BadParameter, NotFound
from natgraph.formats import RESULTS, Format, by_name
from natgraph.library import RESERVED, Canned
from natgraph.parameters import bind, wanted
from natgraph.web.canned_docs import LISTED, NAMED
from natgraph.web.canned_rows import table
from natgraph.web.disconnect import unless_gone
from natgraph.web.negotiate import choose, language, unchanged
from natgraph.web.params import from_url
from natgraph.web.query_log import KEY
from natgraph.web.settings import Settings
from natgraph.web.site import Site
from natgraph.web.streamed import Streamed

PATH = "/api/v1/queries"
JSON = "application/json"
MOST, USUAL, FURTHEST = 1000, 20, 1_000_000
"""How many rows a page may have, how many it has, and how many may be left out."""

_OBJECTS = Format("objects", JSON, (), RESULTS[0].engine)
_OFFERED = (_OBJECTS, *RESULTS)


def router(site: Site, settings: Settings, queries: Sequence[Canned]) -> APIRouter:
    """The canned queries over what a site serves at the time."""
    routes = APIRouter()
    face = _Face(site, settings, queries)

    async def listed(request: HttpRequest) -> Response:
        """All canned queries: what each answers, for whom, its parameters, an example, and its SPARQL text.

        Alla färdiga frågor: vad de svarar på, för vem, parametrar, exempel och SPARQL-text.
        """
        return face.listed(request)

    async def named(request: HttpRequest, name: Annotated[str, Path(max_length=100)]) -> Response:
        """The answer to a canned query, a row an object; the query's own parameters go into the address.

        A thing is named by slug or IRI. `format` is json, csv, tsv, xml or sparql-json; only JSON has pages.
        Svaret på en färdig fråga; frågans egna parametrar anges i adressen.
        """
        return await face.named(request, name)

    for path, face_of, documented in ((PATH, listed, LISTED), (f"{PATH}/{{name}}", named, NAMED)):
        routes.add_api_route(path, face_of, response_class=Response, tags=["queries"], **documented)
        routes.add_api_route(path, face_of, methods=["HEAD"], include_in_schema=False)
    return routes


class _Face:
    def __init__(self, site: Site, settings: Settings, queries: Sequence[Canned]) -> None:
        self._site = site
        self._url = f"{settings.public_url}{PATH}"
        self._queries = {query.name: query for query in queries}

    def listed(self, request: HttpRequest) -> Response:
        values = _single(from_url(request))
        if unknown := values.keys() - {"limit", "offset", "lang"}:
            raise BadParameter(f"There is no parameter {min(unknown)} here.", ("limit", "offset"))
        limit, offset = _page(values, default=100)
        found = [_told(query, self._url) for query in self._queries.values()]
        links = _links(self._url, values, len(found), limit, offset)
        body = {
            "total": len(found),
            "limit": limit,
            "offset": offset,
            "dataVersion": self._site.version,
            "queries": found[offset : offset + limit],
            "_links": links,
        }
        return JSONResponse(body, headers={"Link": _header(links), "Cache-Control": "no-cache"})

    async def named(self, request: HttpRequest, name: str) -> Response:
        query = self._query(name)
        values = _single(from_url(request))
        form = _format(request, values.get("format"))
        limit, offset = _page(values, default=USUAL)
        asked = await self._asked(request, query, values, form)
        request.scope[KEY] = {
            "query": asked.text,
            "format": form.name,
            "version": self._site.backend.version,
        }
        headers = self._headers(asked, form, limit, offset)
        if unchanged(request, headers.get("ETag")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        client = request.client.host if request.client else ""
        answer = await unless_gone(request.receive, self._site.backend.answer(asked, client))
        if form is not _OBJECTS:
            if answer.parts is not None:
                return Streamed(answer, headers)
            return Response(answer.body, media_type=answer.media_type, headers=headers)
        columns, rows = await table(answer)
        links = _links(f"{self._url}/{name}", values, len(rows), limit, offset)
        body = {
            **_titles(query),
            "query": asked.text,
            "parameters": {name: value.value for name, value in asked.bindings},
            "dataVersion": self._site.version,
            "total": len(rows),
            "limit": limit,
            "offset": offset,
            "columns": columns,
            "rows": rows[offset : offset + limit],
            "_links": links,
        }
        return JSONResponse(body, headers={**headers, "Link": _header(links)})

    def _query(self, name: str) -> Canned:
        if name not in self._queries:
            raise NotFound(f"The query {name}", get_close_matches(name, self._queries, cutoff=0.4))
        return self._queries[name]

    async def _asked(
        self, request: HttpRequest, query: Canned, values: Mapping[str, str], form: Format
    ) -> Request:
        given = {name: value for name, value in values.items() if name not in RESERVED}
        if any(parameter.name == "lang" for parameter in query.parameters):
            given.setdefault("lang", language(request))
        kinds = wanted(query.parameters)
        known = {name: await self._site.facts.things(kind) for name, kind in kinds.items()}
        bindings: Bindings = bind(query.parameters, given, known)
        asked = Request(query.text, results=form.name, graph=None, bindings=bindings)
        return replace(asked, results="json") if form is _OBJECTS else asked

    def _headers(self, asked: Request, form: Format, limit: int, offset: int) -> dict[str, str]:
        version = self._site.backend.version
        headers = {
            "Vary": "Accept, Accept-Encoding, Accept-Language",
            "Cache-Control": "no-cache",
            "Natgraph-Version": version or "unknown",
        }
        if version:
            parts = f"{version} {asked.digest} {form.name} {limit} {offset}"
            headers["ETag"] = f'W/"{hashlib.sha256(parts.encode()).hexdigest()[:32]}"'
        return headers


def _single(values: Mapping[str, list[str]]) -> dict[str, str]:
    for name, given in values.items():
        if len(given) > 1:
            raise BadParameter(f"The parameter {name[:100]} is given more than once.")
    return {name: given[0] for name, given in values.items()}


def _format(request: HttpRequest, asked: str | None) -> Format:
    """What the client takes: ``?format=`` decides, else the Accept header; JSON objects if it is silent."""
    if asked == "json":
        return _OBJECTS
    found = choose(request.headers.get("accept"), _OFFERED)
    if asked is not None:
        found = RESULTS[0] if asked == "sparql-json" else by_name(asked, RESULTS)
    if found is None:
        offered = "json, csv, tsv, xml, sparql-json"
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"This answer comes as {offered}.")
    return found


def _page(values: Mapping[str, str], default: int) -> tuple[int, int]:
    return (
        _whole("limit", values.get("limit", str(default)), 1, MOST),
        _whole("offset", values.get("offset", "0"), 0, FURTHEST),
    )


def _whole(name: str, value: str, least: int, most: int) -> int:
    if not (value.isascii() and value.isdigit() and least <= int(value[:9]) <= most):
        raise BadParameter(f"{name} is a whole number from {least} to {most}.")
    return int(value[:9])


def _titles(query: Canned) -> dict[str, Any]:
    return {"name": query.name, "title": query.title, "summary": query.summary, "audience": query.audience}


def _told(query: Canned, url: str) -> dict[str, Any]:
    """A canned query as the list tells it."""
    example = f"?{urlencode(query.example)}" if query.example else ""
    return {
        **_titles(query),
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "required": parameter.default is None,
                "default": parameter.default,
                "description": parameter.text,
            }
            for parameter in query.parameters
        ],
        "query": query.text,
        "_links": {
            "self": {"href": f"{url}/{query.name}"},
            "example": {"href": f"{url}/{query.name}{example}"},
        },
    }


def _links(url: str, values: Mapping[str, str], total: int, limit: int, offset: int) -> dict[str, Any]:
    """Where this page is, and the ones before and after it, if there are any."""
    places = {"self": offset}
    if offset:
        places["prev"] = max(0, offset - limit)
    if offset + limit < total:
        places["next"] = offset + limit
    return {
        name: {"href": f"{url}?{urlencode({**values, 'limit': limit, 'offset': place})}"}
        for name, place in places.items()
    }


def _header(links: Mapping[str, Mapping[str, str]]) -> str:
    return ", ".join(f'<{link["href"]}>; rel="{name}"' for name, link in links.items())
