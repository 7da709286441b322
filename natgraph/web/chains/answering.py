"""How every face answers: format, language, validators, links, limits, and what is said in OpenAPI."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from natgraph import __version__
from natgraph.chains import FORMATS, Language
from natgraph.web.chains.desk import Desk
from natgraph.web.chains.examples import example
from natgraph.web.chains.models import answer_of
from natgraph.web.chains.params import Asked
from natgraph.web.chains.work import Compute, Question
from natgraph.web.negotiate import language, unchanged

_JSON = "application/json"
Links = Mapping[str, str]
"""Addresses below ``/api/v1`` by what they are to the answer."""


@dataclass(frozen=True)
class Answering:
    """Answers requests from the desk of the time; ``public_url`` is what the server is called."""

    find_desk: Callable[[], Desk]
    public_url: str

    async def answer(
        self,
        request: Request,
        asked: Asked,
        compute: Compute,
        *,
        links: Links | None = None,
        exported: bool = False,
        evidence: bool = False,
    ) -> Response:
        """The answer to what was asked: what ``compute`` finds, in the language and format of the client.

        ``exported``: it has a chain that comes in other formats too. Raises what the desk raises.
        """
        form = _format(request, asked) if exported else _only_json(request)
        lang: Language = asked.lang or ("en" if language(request) == "en" else "sv")
        desk, path = self.find_desk(), request.url.path
        key = (path, lang, form, asked.model_dump_json(exclude={"lang", "format"}))
        headers = _headers(desk, key)
        if unchanged(request, headers["ETag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        hrefs = self._hrefs(request, {**(links or {}), **(_forms(asked, path) if exported else {})})
        told = await desk.ask(Question(compute, lang, form, hrefs, evidence), (*key, self.public_url))
        headers["Link"] = ", ".join(map(_link, hrefs.items()))
        if told.bounds:
            headers["Natgraph-Limits-Met"] = "; ".join(told.bounds)
        headers["Content-Type"] = FORMATS[form].media_type
        return Response(told.body, headers=headers)

    def _hrefs(self, request: Request, links: Links) -> dict[str, dict[str, str]]:
        query = request.url.query
        here = {"href": f"{self.public_url}{request.url.path}{'?' if query else ''}{query}"}
        return {"self": here, **{name: self._href(name, path) for name, path in links.items()}}

    def _href(self, name: str, path: str) -> dict[str, str]:
        kind = {"type": FORMATS[name].media_type} if name in FORMATS else {}
        return {"href": f"{self.public_url}{path}", **kind}


def add(routes: APIRouter, path: str, endpoint: Callable[..., Awaitable[Response]], result: Any) -> None:
    """Add a face whose answers hold a result of the library to the routes, for GET and HEAD."""
    exported = "chain" in result.__dataclass_fields__
    routes.add_api_route(path, endpoint, response_model=answer_of(result), responses=_said(result, exported))
    routes.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)


def _headers(desk: Desk, key: tuple[object, ...]) -> dict[str, str]:
    about = json.dumps([desk.version, __version__, *key]).encode()
    return {
        "Vary": "Accept, Accept-Language",
        "ETag": f'W/"{hashlib.sha256(about).hexdigest()[:32]}"',
        "Cache-Control": "no-cache",
        "Content-Language": str(key[1]),
        "Natgraph-Version": desk.version,
        "Natgraph-Limits": f"seconds={desk.limits.seconds:g}, waiting={desk.limits.waiting}",
    }


def _only_json(request: Request) -> str:
    if not _quality(request, _JSON):
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"This answer comes as {_JSON}.")
    return "json"


def _format(request: Request, asked: Asked) -> str:
    """``?format=`` decides, else what the Accept header likes best."""
    form: str | None = getattr(asked, "format", None)
    if form:
        return form
    best = max(FORMATS, key=lambda name: _quality(request, _bare(name)))
    if not _quality(request, _bare(best)):
        offered = ", ".join(map(_bare, FORMATS))
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"This answer comes as {offered}.")
    return best


def _quality(request: Request, media_type: str) -> float:
    accept = request.headers.get("accept")
    return parse_accept_header(accept, MIMEAccept).quality(media_type) if accept else 1.0


def _bare(form: str) -> str:
    return FORMATS[form].media_type.partition(";")[0]


def _forms(asked: Asked, path: str) -> dict[str, str]:
    """The same chain in the other formats."""
    given = asked.model_dump(exclude_unset=True, exclude={"format"})
    pairs = [(k, v) for k, vs in given.items() for v in (vs if isinstance(vs, list) else [vs])]
    query = "".join(f"&{k}={quote(_plain(v))}" for k, v in pairs if v is not None)
    return {form: f"{path}?format={form}{query}" for form in FORMATS if form != "json"}


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _link(named: tuple[str, Mapping[str, str]]) -> str:
    name, link = named
    kind = f'; type="{_bare(name)}"' if name in FORMATS else ""
    return f'<{link["href"]}>; rel="{"alternate" if kind else name}"{kind}'


def _said(result: Any, exported: bool) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {_JSON: {"example": example(result)}}
    if exported:
        others = [name for name in FORMATS if name != "json"]
        content |= {_bare(name): {"example": example(result, name)} for name in others}
    found = {"description": "What was found, from which data, and how.", "content": content}
    return {200: found, **{status: _problem(status, *said) for status, said in _PROBLEMS.items()}}


def _problem(status: int | str, description: str, detail: str) -> dict[str, Any]:
    code = HTTPStatus(status if isinstance(status, int) else HTTPStatus.BAD_REQUEST)
    body = {"type": "about:blank", "title": code.phrase, "status": int(code), "detail": detail}
    if code == HTTPStatus.NOT_FOUND:
        body["near"] = ["example-barrier"]
    return {"description": description, "content": {"application/problem+json": {"example": body}}}


_PROBLEMS: dict[int | str, tuple[str, str]] = {
    400: (
        "A parameter is unknown, missing or out of range.",
        "depth: Input should be less than or equal to 100",
    ),
    404: (
        "What is asked about is not in the graph; near has what is spelt alike.",
        "The barrier exampel-barrier is not in the graph. Did you mean example-barrier?",
    ),
    406: ("The client takes none of the formats.", f"This answer comes as {_JSON}."),
    503: ("The index is not there yet, or too many wait.", "The index of barrier chains is being made."),
    504: ("It took too long.", "The answer was stopped after 5 s."),
    "4XX": ("Any other fault of the request.", "…"),
}
