"""Work that ends when nobody waits for it any more."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

T = TypeVar("T")
_SOON = 0.05
"""Seconds of work before it is worth watching whether the client is still there."""


async def unless_gone(receive: Receive, work: Awaitable[T]) -> T:
    """The result of some work; it is cancelled, and ClientDisconnect raised, when the client goes away.

    The request's body must have been read.
    """
    watch = _Watch(receive)
    timer = asyncio.get_running_loop().call_later(_SOON, watch.begin)
    try:
        return await work
    except asyncio.CancelledError:
        if watch.has_left:
            raise ClientDisconnect from None
        raise
    finally:
        timer.cancel()
        watch.end()


class _Watch:
    """Cancels the task it was made in when the client leaves."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._task = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self.has_left = False

    def begin(self) -> None:
        self._watching = asyncio.create_task(self._until_gone())

    def end(self) -> None:
        if self._watching:
            self._watching.cancel()
        if self.has_left and self._task:
            self._task.uncancel()

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.has_left = True
        if self._task:
            self._task.cancel()
