"""A worker's life: requests come over a socket, answers go back over it, one after the other.

Everything on the socket is a frame: its length (four bytes), its kind (one byte), its content. A request is
JSON. An answer is a head (JSON; ``status``: ok with the format, or what is wrong) and, after ok, data and an
end (JSON; ``done``: whether all results were written, else ``message``). A small answer is sent at once.
"""

import json
import socket
import struct
from functools import cache
from typing import Any

from pyoxigraph import QueryTriples, Store

from natgraph.engine.runner import evaluate
from natgraph.errors import QueryError, QueryFailed, QueryForbidden, QuerySyntax
from natgraph.formats import Format, write_to

FRAME = struct.Struct("!IB")
REQUEST, HEAD, DATA, END = range(4)
_PART = 1 << 16


def frame(kind: int, content: bytes) -> bytes:
    """One frame."""
    return FRAME.pack(len(content), kind) + content


def work(store: Store, link: socket.socket) -> None:
    """Answer requests until the other side closes the link."""
    try:
        while (request := _receive(link)) is not None:
            _answer(store, request, link)
    except ConnectionError:
        return


class _Results:
    """The file that the engine writes results into: few large frames, the head before the first."""

    def __init__(self, link: socket.socket, head: bytes) -> None:
        self._link = link
        self._first = head
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take some bytes; they are sent when there are enough of them."""
        self._parts.append(data)
        self._size += len(data)
        if self._size >= _PART:
            self.send(b"")
        return len(data)

    def flush(self) -> None:
        """Nothing: what is left goes with the end."""

    def send(self, last: bytes) -> None:
        """Send what has come, and a last frame after it."""
        self._link.sendall(b"".join((self._first, FRAME.pack(self._size, DATA), *self._parts, last)))
        self._first, self._parts, self._size = b"", [], 0


def _answer(store: Store, request: dict[str, Any], link: socket.socket) -> None:
    try:
        results, form = evaluate(store, request)
    except (QueryError, MemoryError) as error:
        link.sendall(_json(HEAD, _refusal(error)))
        return
    if form is None:
        kind = "graph" if isinstance(results, QueryTriples) else "results"
        link.sendall(_json(HEAD, {"status": "not-acceptable", "message": kind}))
        return
    out = _Results(link, _ok(form))
    try:
        write_to(results, form, out)
    except QueryFailed as error:
        out.send(_json(END, {"done": False, "message": str(error)}))
    else:
        out.send(_DONE)


def _refusal(error: Exception) -> dict[str, Any]:
    match error:
        case QuerySyntax():
            return {"status": "syntax", "message": str(error), "line": error.line, "column": error.column}
        case QueryForbidden():
            return {"status": "forbidden", "message": str(error)}
        case MemoryError():
            return {"status": "memory", "message": ""}
        case _:
            return {"status": "failed", "message": str(error)}


def _json(kind: int, message: dict[str, Any]) -> bytes:
    return frame(kind, json.dumps(message).encode())


@cache
def _ok(form: Format) -> bytes:
    return _json(HEAD, {"status": "ok", "media_type": form.media_type, "format": form.name})


_DONE = _json(END, {"done": True})


def _receive(link: socket.socket) -> dict[str, Any] | None:
    head = _exactly(link, FRAME.size)
    body = head and _exactly(link, FRAME.unpack(head)[0])
    return json.loads(body) if body else None


def _exactly(link: socket.socket, size: int) -> bytes | None:
    data = link.recv(size)
    while data and len(data) < size:
        part = link.recv(size - len(data))
        data = data + part if part else b""
    return data or None
