"""Where questions about chains are answered: an index for the version served, and processes that compute.

Computing takes tens of milliseconds of Python, which in the serving process would hold everyone up, and a
process can be stopped when it takes too long. The index is read through the store, wherever that is, once a
version; answers are kept while the version is served.
"""

import asyncio
import multiprocessing
from collections.abc import Hashable
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from cachetools import LRUCache
from pebble import ProcessExpired, ProcessPool

from natgraph.engine import Backend
from natgraph.errors import Busy, ChainTimeout, IndexFailed, NatgraphError, QueryError
from natgraph.web.chains.reading import fetch
from natgraph.web.chains.work import Question, Told, begin, check, work

_EVERY, _SOON = 5.0, 0.5
"""Seconds between two looks whether the version is another one, and while it is not known."""


@dataclass(frozen=True)
class Limits:
    """``seconds`` an answer may take, ``waiting`` questions at once, processes, bytes of answers kept."""

    seconds: float = 5.0
    waiting: int = 64
    processes: int = 2
    kept: int = 32 << 20


class Desk:
    """Answers questions about the barrier chains of what a store holds."""

    def __init__(self, backend: Backend, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._backend = backend
        self._ready: _Ready | None = None
        self._failed: IndexFailed | None = None
        self._tried = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to make the index of a store that has started; nobody has to wait."""
        self._task = asyncio.ensure_future(self._keep_up())

    async def wait(self) -> None:
        """Wait until the index is there, if the store says what it holds; raises IndexFailed."""
        tried = asyncio.ensure_future(self._tried.wait())
        await asyncio.wait({tried, *filter(None, [self._task])}, return_when=asyncio.FIRST_COMPLETED)
        tried.cancel()
        if self._failed:
            raise self._failed

    @property
    def version(self) -> str:
        """The data version that answers are made from; raises Busy or IndexFailed while there is none."""
        return self._current().version

    async def ask(self, question: Question, key: Hashable) -> Told:
        """The answer to a question, which ``key`` tells from all others.

        Raises what the library raises, Busy, ChainTimeout and IndexFailed.
        """
        return await self._current().ask(question, key)

    async def stop(self) -> None:
        """Let go of the index and end the processes."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._ready:
            await self._ready.stop()

    def _current(self) -> "_Ready":
        if self._ready:
            return self._ready
        raise self._failed or Busy("The index of barrier chains is being made, or the store is silent.", 1)

    async def _keep_up(self) -> None:
        """Make the index, and anew when the version is another one (of a store elsewhere) or it failed."""
        while True:
            version = self._backend.version
            if version and (self._ready is None or self._ready.version != version):
                try:
                    before, self._ready = self._ready, await self._make(version)
                    self._failed = None
                    if before:
                        await before.stop()
                except (QueryError, IndexFailed) as error:
                    self._failed = IndexFailed(f"The index of barrier chains could not be made: {error}")
            self._tried.set()
            await asyncio.sleep(_EVERY if version else _SOON)

    async def _make(self, version: str) -> "_Ready":
        folder = TemporaryDirectory(prefix="natgraph-chains-")
        ready = _Ready(folder, version, self.limits)
        try:
            await fetch(self._backend, Path(folder.name))
            await ready.check()
            _agree(version, self._backend.version)
        except BaseException:
            await ready.stop()
            raise
        return ready


def _agree(before: str, after: str | None) -> None:
    if before != after:
        raise IndexFailed("The data changed meanwhile.")


class _Ready:
    """The processes of one version, and the answers they gave."""

    def __init__(self, folder: "TemporaryDirectory[str]", version: str, limits: Limits) -> None:
        self.version = version
        self._folder = folder
        self._limits = limits
        self._waiting = 0
        self._known: LRUCache[Hashable, Told] = LRUCache(limits.kept, getsizeof=lambda told: len(told.body))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([work.__module__])
        arguments = (Path(folder.name), version)
        self._pool = ProcessPool(limits.processes, initializer=begin, initargs=arguments, context=context)
        self._check, self._work = partial(check, *arguments), partial(work, *arguments)

    async def check(self) -> None:
        """Wait until a process has the index; raises IndexFailed."""
        try:
            await asyncio.wrap_future(self._pool.schedule(self._check))
        except (NatgraphError, ProcessExpired, RuntimeError) as error:
            raise IndexFailed(str(error)) from error

    async def ask(self, question: Question, key: Hashable) -> Told:
        """The answer, from memory or computed."""
        if key in self._known:
            return self._known[key]
        if self._waiting >= self._limits.waiting:
            raise Busy("Too many questions about chains wait.", 1)
        self._waiting += 1
        try:
            told = await self._computed(question)
        finally:
            self._waiting -= 1
        with suppress(ValueError):  # larger than all that is kept
            self._known[key] = told
        return told

    async def stop(self) -> None:
        """End the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # so in Pebble
        await asyncio.to_thread(self._pool.join)
        self._folder.cleanup()

    async def _computed(self, question: Question) -> Told:
        seconds = self._limits.seconds
        try:
            future = self._pool.schedule(self._work, args=(question,), timeout=seconds)
            told: Told = await asyncio.wrap_future(future)
        except Late:
            raise ChainTimeout(seconds) from None
        except (ProcessExpired, RuntimeError) as error:
            raise Busy("The process that computes chains broke off.", 1) from error
        return told
