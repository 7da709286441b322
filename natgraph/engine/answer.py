"""An answer: whole when it is small, a stream when it is large."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass


class Stream:
    """The parts of an answer that is still being made. Close it in any case: that frees the worker."""

    def __init__(self, parts: AsyncGenerator[bytes, None], stop: Callable[[], None]) -> None:
        self._parts = parts
        self._stop = stop

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._parts

    async def aclose(self) -> None:
        """Let go of the worker, also if no part was ever taken."""
        await self._parts.aclose()
        self._stop()


@dataclass(frozen=True)
class Answer:
    """The media type and either the whole body or the parts of one that is still being made."""

    media_type: str
    body: bytes | None = None
    parts: Stream | None = None
