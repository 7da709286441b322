"""Answers that were given before, given again as they are while data and request are the same."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from natgraph.web.query_log import KEY

_FACES = frozenset(("/sparql",))
_METHODS = frozenset(("GET", "POST"))
_MATTERS = frozenset((b"accept", b"accept-encoding", b"accept-language", b"content-type", b"origin"))
_ALWAYS_ASKED = frozenset((b"if-none-match", b"range"))
_LARGEST = 1 << 18
_SIZE = 64 << 20

Key = tuple[object, ...]


class Remembered:
    """Middleware that keeps whole answers of at most 256 KiB, the last used ones.

    ``version`` gives the version of the data served now, or None if that is not known: then nothing is kept.
    What an answer depends on is its address, its body and a few headers.
    """

    def __init__(self, app: ASGIApp, version: Callable[[], str | None], size: int = _SIZE) -> None:
        self._app = app
        self._version = version
        self._left = size
        self._answers: OrderedDict[Key, _Recording] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the answer again, or pass the request on and keep what comes."""
        version = self._version()
        headers = _telling(scope) if version else None
        if headers is None:
            await self._app(scope, receive, send)
            return
        asked = _Asked(receive)
        if not await asked.whole():
            await self._app(scope, asked.receive, send)
            return
        key = (version, scope["method"], scope["path"], scope["query_string"], asked.body, headers)
        if known := self._answers.get(key):
            self._answers.move_to_end(key)
            scope[KEY] = known.asked and {**known.asked, "again": True}
            await send(known.start)
            await send(known.body)
            return
        recording = _Recording(send, {})
        await self._app(scope, asked.receive, recording.send)
        recording.asked = scope.get(KEY)
        if recording.is_whole:
            self._keep(key, recording, len(asked.body))

    def _keep(self, key: Key, recording: "_Recording", asked: int) -> None:
        recording.weight += asked
        self._answers[key] = recording
        self._left -= recording.weight
        while self._left < 0:
            _, oldest = self._answers.popitem(last=False)
            self._left += oldest.weight


def _telling(scope: Scope) -> tuple[tuple[bytes, bytes], ...] | None:
    """The headers that an answer depends on; None if this request is always to be answered anew."""
    if scope["type"] != "http" or scope["path"] not in _FACES or scope["method"] not in _METHODS:
        return None
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if any(name in _ALWAYS_ASKED for name, _ in headers):
        return None
    return tuple(header for header in headers if header[0] in _MATTERS)


class _Asked:
    """A request's body, read to its end if it is small; ``receive`` gives it again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._read: list[Message] = []
        self.body = b""

    async def whole(self) -> bool:
        """Whether all of the body came and is small."""
        while len(self.body) <= _LARGEST:
            message = await self._receive()
            self._read.append(message)
            if message["type"] != "http.request":
                return False
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                return True
        return False

    async def receive(self) -> Message:
        """The next message, first those that were read."""
        return self._read.pop(0) if self._read else await self._receive()


@dataclass
class _Recording:
    """Passes an answer on and keeps it, if it is whole and small."""

    _send: Send
    start: Message
    body: Message = field(default_factory=dict)
    is_whole: bool = False
    weight: int = 0
    asked: dict[str, Any] | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif not self.body:
            self.body = message
            size = len(message.get("body", b""))
            self.weight = size
            self.is_whole = (
                self.start["status"] == HTTPStatus.OK and size <= _LARGEST and not message.get("more_body")
            )
        await self._send(message)
