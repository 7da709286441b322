"""What is asked, one JSON object a line, without addresses or anything else about who asks.

``time`` (UTC), ``query``, ``format``, ``status``, ``seconds`` and ``bytes`` of the answer, ``version`` of the
data, ``again`` (whether it was answered from memory).
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from logging import Formatter, LogRecord, makeLogRecord
from logging.handlers import WatchedFileHandler
from pathlib import Path
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEY = "natgraph.asked"
"""Where in a request's scope the endpoint notes what is asked."""


class QueryLog:
    """Middleware that appends a line to a file for each query; the file may be moved away meanwhile."""

    def __init__(self, app: ASGIApp, path: Path) -> None:
        self._app = app
        self._file = WatchedFileHandler(path, encoding="utf-8")
        self._file.setFormatter(_Lines())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note what was asked, if anything was."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer, start = _Answer(send), perf_counter()
        try:
            await self._app(scope, receive, answer.send)
        finally:
            if asked := scope.get(KEY):
                self._note(asked, answer, perf_counter() - start)

    def _note(self, asked: dict[str, Any], answer: "_Answer", seconds: float) -> None:
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            **asked,
            "status": answer.status,
            "seconds": round(seconds, 6),
            "bytes": answer.size,
        }
        self._file.handle(makeLogRecord({"line": line}))


class _Lines(Formatter):
    def format(self, record: LogRecord) -> str:
        return json.dumps(record.__dict__["line"], ensure_ascii=False)


@dataclass
class _Answer:
    """Passes an answer on and counts it."""

    _send: Send
    status: int | None = field(default=None)
    size: int = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.size += len(message.get("body", b""))
        await self._send(message)
