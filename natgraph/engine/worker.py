"""A worker's life: requests come over a socket, heads and ends of answers go back, results go into a pipe.

Messages are a length of four bytes and JSON. An answer is a head (``status``: ok with ``media_type``, or
what is wrong) and, after ok, an end (``done``: whether all results were written, else ``message``).
"""

import json
import socket
import struct
from typing import Any

from pyoxigraph import QueryTriples, Store

from natgraph.engine.runner import evaluate, write_results
from natgraph.errors import QueryError, QueryFailed, QueryForbidden, QuerySyntax

LENGTH = struct.Struct("!I")


def work(store: Store, link: socket.socket, results: int) -> None:
    """Answer requests until the other side closes the link."""
    while (request := _receive(link)) is not None:
        _answer(store, request, link, results)


def _answer(store: Store, request: dict[str, Any], link: socket.socket, pipe: int) -> None:
    try:
        results, form = evaluate(store, request)
    except (QueryError, MemoryError) as error:
        send(link, _refusal(error))
        return
    if form is None:
        kind = "graph" if isinstance(results, QueryTriples) else "results"
        send(link, {"status": "not-acceptable", "message": kind})
        return
    send(link, {"status": "ok", "media_type": form.media_type, "format": form.name})
    try:
        write_results(results, form, pipe)
    except QueryFailed as error:
        send(link, {"done": False, "message": str(error)})
    else:
        send(link, {"done": True})


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


def send(link: socket.socket, message: dict[str, Any]) -> None:
    """Send one message."""
    body = json.dumps(message).encode()
    link.sendall(LENGTH.pack(len(body)) + body)


def _receive(link: socket.socket) -> dict[str, Any] | None:
    size = _exactly(link, LENGTH.size)
    if size is None:
        return None
    body = _exactly(link, LENGTH.unpack(size)[0])
    return None if body is None else json.loads(body)


def _exactly(link: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = link.recv(size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)
