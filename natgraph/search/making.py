"""An index that is made while the server starts, in a process of its own."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

from natgraph.errors import Busy, IndexFailed
from natgraph.search.find import Index


class Making:
    """The index of a file of N-Quads of some version: first being made, then there."""

    def __init__(self, nquads: Path, version: str) -> None:
        self._nquads = nquads
        self._version = version
        self._task: asyncio.Task[Index] | None = None

    def start(self) -> None:
        """Begin to make it; nobody has to wait."""
        self._task = asyncio.ensure_future(self._make())

    def current(self) -> Index:
        """The index; raises Busy while it is being made and IndexFailed if that went wrong."""
        if self._task is None or not self._task.done() or self._task.cancelled():
            raise Busy("The search index is being made.", 1)
        return self._task.result()

    async def wait(self) -> None:
        """Wait until it is there; raises IndexFailed."""
        if self._task:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Let go of the index, or of making it."""
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError, IndexFailed):
            (await self._task).close()

    async def _make(self) -> Index:
        target = self._nquads.with_suffix(".labels")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "natgraph.search", str(self._nquads), str(target)
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        if code:
            raise IndexFailed("The search index could not be made; why is in the log.")
        return Index(target, self._version)
