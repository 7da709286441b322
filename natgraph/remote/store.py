"""A store elsewhere, asked over HTTP by the SPARQL 1.1 Protocol; what goes wrong there in our own errors."""

import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx

from natgraph.errors import QueryError, QueryFailed, QueryTooLarge, StoreUnavailable, UpstreamFailed
from natgraph.remote.answers import GRAPH, TABLES, is_table, readable
from natgraph.remote.asked import Form
from natgraph.remote.auth import Challenged
from natgraph.remote.endpoint import Endpoint

RETRY = 5
"""Seconds after which it is worth trying a store again that does not answer."""

_CONNECT = 5.0
_FIRST_LINE = 2048
_SHOWN = 200
_OUT = (429, 502, 503, 504)
Parameters = Mapping[str, str | Sequence[str]]


class NotThere(UpstreamFailed):
    """There is nothing at that address of the store."""


@dataclass(frozen=True)
class Body:
    """A store's answer: its media type, and its parts as they come."""

    media_type: str
    parts: AsyncIterator[bytes]


class Store:
    """A SPARQL endpoint. No redirect is followed, nothing is tried twice, certificates are checked."""

    def __init__(self, endpoint: Endpoint, at_once: int) -> None:
        self._endpoint = endpoint
        known = endpoint.credentials
        self._client = httpx.AsyncClient(
            auth=Challenged(known) if known else None,
            timeout=httpx.Timeout(None, connect=_CONNECT),
            limits=httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once),
            headers={"Accept-Encoding": "identity", "User-Agent": "natgraph"},
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    @asynccontextmanager
    async def ask(self, form: Form, parameters: Parameters, most: int) -> AsyncIterator[Body]:
        """The answer to a query, at most so many bytes of it; the connection closes with the context.

        Raises StoreUnavailable, UpstreamFailed, QueryFailed (the store takes the query for wrong) and
        QueryTooLarge, also while the parts are read. It waits as long as the store takes; the caller keeps
        the time.
        """
        accept = TABLES if is_table(form) else GRAPH
        async with self._send("POST", self._endpoint.url, {"Accept": accept}, data=parameters) as response:
            media_type = _media_type(response)
            if not readable(form, media_type):
                raise UpstreamFailed(f"The store answers with {media_type or 'nothing'}, which is not read.")
            _refuse_cut(response)
            yield Body(media_type, _parts(response, most))

    async def send(self, method: str, url: str, content: bytes, media_type: str) -> None:
        """Send bytes to an address of the store; raises StoreUnavailable, UpstreamFailed, QueryFailed."""
        headers = {"Content-Type": media_type, "Accept": "*/*"}
        async with self._send(method, url, headers, content=content):
            pass

    async def delete(self, url: str) -> None:
        """Delete what is at an address of the store, if it is there; raises as ``send`` does."""
        with suppress(NotThere):
            async with self._send("DELETE", url, {"Accept": "*/*"}):
                pass

    @asynccontextmanager
    async def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        data: Parameters | None = None,
        content: bytes | None = None,
    ) -> AsyncIterator[httpx.Response]:
        begun = False
        try:
            async with self._client.stream(
                method, url, headers=headers, data=data, content=content
            ) as response:
                if not response.is_success:
                    raise _refusal(response, await _first_line(response))
                begun = True
                yield response
        except httpx.HTTPError as error:
            raise _broken_off(error) if begun else _unreached(error) from error


async def _parts(response: httpx.Response, most: int) -> AsyncIterator[bytes]:
    left = most
    async for part in response.aiter_raw():
        left -= len(part)
        if left < 0:
            raise QueryTooLarge(f"The store's answer has more than {most} bytes. Add LIMIT, or ask for less.")
        yield part


def _media_type(response: httpx.Response) -> str:
    header: str = response.headers.get("content-type", "")
    return header.partition(";")[0].strip().lower()


def _refuse_cut(response: httpx.Response) -> None:
    """Refuse answers whose end could not be told, and those of which the store itself says they are cut."""
    headers = response.headers
    if headers.get("content-encoding", "identity") != "identity":
        raise UpstreamFailed("The store's answer is compressed, which was not asked for.")
    if "content-length" not in headers and "transfer-encoding" not in headers:
        raise UpstreamFailed("The store does not tell where its answer ends.")
    if cut := headers.get("x-sparql-maxrows"):  # Virtuoso's ResultSetMaxRows
        raise QueryTooLarge(f"The store gives at most {cut[:20]} rows. Add a smaller LIMIT, or ask for less.")


async def _first_line(response: httpx.Response) -> str:
    """The start of an error's text, if it is text."""
    if not _media_type(response).startswith("text/plain"):
        return ""
    read = b""
    async for part in response.aiter_raw():
        read += part
        if len(read) > _FIRST_LINE:
            break
    line = read[:_FIRST_LINE].decode(errors="replace").strip().partition("\n")[0]
    return "".join(c for c in line if c.isprintable())[:_SHOWN]


def _refusal(response: httpx.Response, line: str) -> QueryError:
    status, says = response.status_code, f": {line.rstrip('.')}." if line else "."
    if status in _OUT:
        return StoreUnavailable("The store does not answer now.", _retry(response))
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return UpstreamFailed(f"The store does not let natgraph do this ({status}).")
    if status == httpx.codes.BAD_REQUEST:
        return QueryFailed(f"The store does not take this{says}")
    if status == httpx.codes.NOT_FOUND:
        return NotThere("There is nothing at that address of the store (404).")
    if response.is_redirect:
        return UpstreamFailed("The store sends natgraph elsewhere; its address has to be the final one.")
    return UpstreamFailed(f"The store failed with {status}{says}")


def _retry(response: httpx.Response) -> int:
    header: str = response.headers.get("retry-after", "")
    return min(int(header), 3600) if header.isascii() and header.isdigit() else RETRY


def _unreached(error: httpx.HTTPError) -> QueryError:
    if _certificate(error):
        return UpstreamFailed("The store's certificate is not valid.")
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return UpstreamFailed("The store does not answer by HTTP.")
    return StoreUnavailable("The store does not answer now.", RETRY)


def _broken_off(error: httpx.HTTPError) -> QueryError:
    return UpstreamFailed(f"The store's answer broke off ({type(error).__name__}).")


def _certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
