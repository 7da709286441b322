"""``/api/v1/search``: things by their labels, as JSON by Sweden's REST profile (https://dev.dataportal.se)."""

import hashlib
import os
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from natgraph.search import Found, Hit, Index, Match
from natgraph.terms import BASE
from natgraph.web.negotiate import accepts, language, unchanged
from natgraph.web.settings import Settings

PATH = "/api/v1/search"
_JSON = "application/json"

_HOW = {
    "en": (
        "All words occur in the labels; first labels that equal the search, then those that start with it, "
        "then words that start with it, then words that hold it, then words in several labels of one thing, "
        "then spellings without å, ä and ö; among equals names before other names and identifiers, then the "
        "language asked for, then shorter labels."
    ),
    "sv": (
        "Alla ord finns i namnen; först namn som är lika med sökningen, sedan namn som börjar med den, sedan "
        "ord som börjar med den, sedan ord som innehåller den, sedan ord i flera namn på samma sak, sist "
        "stavning utan å, ä och ö; bland lika träffar namn före andra namn och beteckningar, sedan språket "
        "som önskas, sedan kortare namn."
    ),
}


class _Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Link(_Body):
    """A link to another page of the answer."""

    href: str


class Result(_Body):
    """A thing that was found: what it is called in the language asked for, and how it fits."""

    iri: str
    type: str | None = Field(description="Record type, or the last part of the name of its rarest class.")
    label: str
    language: str | None = Field(description="Of the label; null if it has none.")
    match: Match
    matched_label: str | None = Field(None, description="The label that fits, if it is another one.")
    matched_language: str | None = None
    href: str = Field(description="Where to read about it.")


class Answer(_Body):
    """A page of what was found."""

    query: str
    type: str | None
    language: str
    total: int = Field(description="How many things fit; at least so many if totalIsExact is false.")
    total_is_exact: bool
    limit: int
    offset: int
    data_version: str
    how: str = Field(description="How the hits are ordered.")
    hits: list[Result]
    links: dict[str, Link] = Field(serialization_alias="_links")


class Asked(BaseModel):
    """The parameters of a search."""

    q: str = Field(min_length=1, max_length=200, description="Words or parts of words; all must occur.")
    type: str | None = Field(
        None, max_length=200, description="A record type as in the paths, such as barrier, or a class."
    )
    lang: Literal["sv", "en"] | None = Field(
        None, description="Language of the labels to show and prefer; else Accept-Language decides."
    )
    limit: int = Field(20, ge=1, le=100, description="How many hits a page has.")
    offset: int = Field(0, ge=0, le=10_000, description="How many hits to leave out.")


def router(find_index: Callable[[], Index], settings: Settings) -> APIRouter:
    """The search over the index that ``find_index`` gives at the time; its errors become the answer."""
    routes = APIRouter()
    threads = CapacityLimiter(2 * (os.cpu_count() or 1))

    async def search(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        """Find things by their labels: names, other names, identifiers.

        All words must occur, in any order, also as parts of compounds. å, ä and ö are letters of their own.
        Sök saker på deras namn: alla ord ska finnas, i valfri ordning, även som delar av sammansatta ord.
        """
        if not accepts(request, _JSON):
            raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"This answer comes as {_JSON}.")
        index, spoken = find_index(), asked.lang or language(request)
        headers = _headers(index, asked, spoken)
        if unchanged(request, headers["ETag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        find = partial(index.find, asked.q, asked.type, spoken, asked.limit, asked.offset)
        found = await to_thread.run_sync(find, limiter=threads)
        answer = _answer(asked, spoken, found, index.version, settings.public_url)
        headers["Link"] = ", ".join(f'<{link.href}>; rel="{name}"' for name, link in answer.links.items())
        body = answer.model_dump_json(by_alias=True, exclude_unset=True)
        return Response(body, media_type=_JSON, headers=headers)

    routes.add_api_route(PATH, search, response_model=Answer, responses=_RESPONSES, tags=["search"])
    routes.add_api_route(PATH, search, methods=["HEAD"], include_in_schema=False)
    return routes


def _headers(index: Index, asked: Asked, spoken: str) -> dict[str, str]:
    tag = hashlib.sha256(f"{index.version} {spoken} {asked.model_dump_json()}".encode()).hexdigest()[:32]
    return {
        "Vary": "Accept, Accept-Language",
        "ETag": f'W/"{tag}"',
        "Cache-Control": "no-cache",
        "Content-Language": spoken,
        "Natgraph-Version": index.version,
    }


def _answer(asked: Asked, spoken: str, found: Found, version: str, public_url: str) -> Answer:
    return Answer(
        query=asked.q,
        type=asked.type,
        language=spoken,
        total=found.total,
        total_is_exact=found.exact,
        limit=asked.limit,
        offset=asked.offset,
        data_version=version,
        how=_HOW[spoken],
        hits=[_result(hit, public_url) for hit in found.hits],
        links=_links(asked, found.total, public_url),
    )


def _result(hit: Hit, public_url: str) -> Result:
    other: dict[str, str | None] = {}
    if (hit.matched, hit.matched_language) != (hit.label, hit.language):
        other = {"matched_label": hit.matched, "matched_language": hit.matched_language}
    href = f"{public_url}/{hit.iri.removeprefix(BASE)}" if hit.iri.startswith(BASE) else hit.iri
    return Result(
        iri=hit.iri,
        type=hit.type,
        label=hit.label,
        language=hit.language,
        match=hit.match,
        href=href,
        **other,
    )


def _links(asked: Asked, total: int, public_url: str) -> dict[str, Link]:
    """Where this page is, and the ones before and after it, if there are any."""
    places = {"self": asked.offset}
    if asked.offset:
        places["prev"] = max(0, asked.offset - asked.limit)
    if asked.offset + asked.limit < total:
        places["next"] = asked.offset + asked.limit
    given = asked.model_dump(exclude_none=True)
    return {
        name: Link(href=f"{public_url}{PATH}?{urlencode({**given, 'offset': offset})}")
        for name, offset in places.items()
    }


def _problem(status: HTTPStatus, description: str, detail: str) -> dict[str, Any]:
    example = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    return {"description": description, "content": {"application/problem+json": {"example": example}}}


_EXAMPLE = {
    "query": "återbruk",
    "type": "barrier",
    "language": "sv",
    "total": 1,
    "totalIsExact": True,
    "limit": 20,
    "offset": 0,
    "dataVersion": "0" * 64,
    "how": _HOW["sv"],
    "hits": [
        {
            "iri": f"{BASE}id/barrier/example",
            "type": "barrier",
            "label": "Otydligt ansvar för byggåterbruk",
            "language": "sv",
            "match": "inside-word",
            "href": "https://example.org/id/barrier/example",
        }
    ],
    "_links": {"self": {"href": "https://example.org/api/v1/search?q=%C3%A5terbruk&type=barrier"}},
}

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "What was found, perhaps nothing.", "content": {_JSON: {"example": _EXAMPLE}}},
    400: _problem(HTTPStatus.BAD_REQUEST, "The search cannot be made.", "A search may have 200 characters."),
    406: _problem(HTTPStatus.NOT_ACCEPTABLE, "The client takes no JSON.", f"This answer comes as {_JSON}."),
    503: _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "The index is not there yet.", "The search index is being made."
    ),
    "4XX": _problem(HTTPStatus.BAD_REQUEST, "Any other fault of the request.", "…"),
}
