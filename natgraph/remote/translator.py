"""A process that reads what strangers and stores elsewhere write: queries, and answers.

``python -m natgraph.remote.translator MEMORY``. Over standard input come messages: ``{"query": …}`` is
answered with what it is or why it is not sent; ``{"form": …, "from": …, "to": …}`` and then the frames of a
body are answered with the frames of the same in another format, and how that ended. It can be killed at any
time, has no network where the host lets it give that up, and may grow by MEMORY bytes.
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from typing import IO, cast

from natgraph.errors import QueryError, QueryForbidden, QuerySyntax, UpstreamFailed
from natgraph.remote.answers import rewrite
from natgraph.remote.asked import look_at
from natgraph.remote.frames import DATA, END, Message, frame, message, receive
from natgraph.sandbox import end_with_parent, leave_network, limit

_PART = 1 << 16


def main() -> None:
    """Answer messages until the server closes."""
    source, out = os.fdopen(0, "rb"), os.fdopen(1, "wb", 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when to end
    leave_network()
    end_with_parent()  # after: a new user namespace would take it back
    limit(int(sys.argv[1]))
    while (got := receive(source)) is not None:
        asked = json.loads(got[1])
        out.write(message(_read(asked["query"]) if "query" in asked else _translate(asked, source, out)))


def _read(query: str) -> Message:
    try:
        return {"asked": asdict(look_at(query))}
    except QuerySyntax as error:
        return {"refused": "syntax", "why": str(error), "line": error.line, "column": error.column}
    except QueryForbidden as error:
        return {"refused": "forbidden", "why": str(error)}
    except QueryError as error:
        return {"refused": "failed", "why": str(error)}
    except MemoryError:
        return {"refused": "memory"}


def _translate(asked: Message, source: IO[bytes], out: IO[bytes]) -> Message:
    body, parts = _Body(source), _Parts(out)
    try:
        rewrite(cast(IO[bytes], body), asked["from"], asked["form"], cast(IO[bytes], parts), asked["to"])
        body.finish()
        parts.flush()
    except (QueryError, OSError) as error:
        return {"done": False, "why": str(error)}
    except MemoryError:
        return {"done": False, "refused": "memory"}
    return {"done": True}


class _Body:
    """The frames of a body as one stream."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._left = memoryview(b"")
        self._over = False

    def read(self, size: int) -> bytes:
        while not self._left and not self._over:
            self._left = self._next()
        part, self._left = self._left[:size], self._left[size:]
        return bytes(part)

    def finish(self) -> None:
        """Read what stands behind the end of what was understood: white space only, in a whole answer."""
        while rest := self.read(_PART):
            if rest.strip():
                raise UpstreamFailed("The store's answer is broken.")

    def _next(self) -> memoryview:
        got = receive(self._source)
        if got is None:
            raise OSError("The server is gone.")
        self._over = got[0] == END
        return memoryview(got[1])


class _Parts:
    """What is written, as frames of some size."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        if len(self._held) >= _PART:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._held:
            self._out.write(frame(DATA, bytes(self._held)))
            self._held.clear()


if __name__ == "__main__":
    main()
