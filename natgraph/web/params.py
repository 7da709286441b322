"""What a request of the SPARQL 1.1 Protocol asks (https://www.w3.org/TR/sparql11-protocol/, section 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


@dataclass(frozen=True)
class Parameters:
    """The parameters of a query operation, read and checked as far as the protocol goes."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    seconds: float | None = None


def from_url(request: Request) -> dict[str, list[str]]:
    """The parameters in a request's URL; raises HTTPException 400 if they are not UTF-8."""
    return parse(request.scope["query_string"])


async def from_post(request: Request, limit: int) -> Parameters:
    """The parameters of a POST, as a form or with the query as body.

    Raises HTTPException 400, 413 (a body above ``limit`` bytes) or 415.
    """
    kind = media_type(request)
    if kind not in (FORM, DIRECT):
        detail = f"Send the query as {FORM} or as {DIRECT}."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"Accept-Post": f"{FORM}, {DIRECT}"})
    url, body = from_url(request), await body_of(request, limit)
    if kind == FORM:
        return read(_both(url, parse(body)))
    try:
        return read({**url, "query": [*url.get("query", []), body.decode()]})
    except UnicodeDecodeError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The query is not UTF-8.") from None


def read(values: Mapping[str, Sequence[str]]) -> Parameters:
    """The parameters of one query operation; raises HTTPException 400 for what the protocol forbids."""
    if "update" in values:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Updates are not answered here; send a query.")
    queries = values.get("query", [])
    if len(queries) != 1:
        detail = f"Send exactly one parameter named query; there were {len(queries)}."
        raise HTTPException(HTTPStatus.BAD_REQUEST, detail)
    return Parameters(
        queries[0],
        tuple(values.get("default-graph-uri", ())),
        tuple(values.get("named-graph-uri", ())),
        next(iter(values.get("format", ())), None) or None,
        _seconds(values.get("timeout", ())),
    )


def _both(url: Mapping[str, list[str]], form: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: [*url.get(name, ()), *form.get(name, ())] for name in {*url, *form}}


def _seconds(given: Sequence[str]) -> float | None:
    if not given:
        return None
    try:
        seconds = float(given[0])
    except ValueError:
        seconds = -1
    if not 0 < seconds < float("inf"):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "timeout is a number of seconds above 0.")
    return seconds


def media_type(request: Request) -> str:
    """The media type of a request's body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def parse(text: bytes) -> dict[str, list[str]]:
    """The parameters of a URL or a form; raises HTTPException 400 if they are not UTF-8 or too many."""
    try:
        return parse_qs(text.decode(), keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The parameters are not UTF-8.") from None
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "There are too many parameters.") from None


async def body_of(request: Request, limit: int) -> bytes:
    """The body of a request; raises HTTPException 413 if it has more than ``limit`` bytes."""
    body, more = bytearray(), True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {limit} bytes are read.")
    return bytes(body)
