"""Which query runs when: every query first gets a short turn, and only those that need more wait in line.

A query runs at once for ``slice`` seconds in one of a few quick turns. Most are done by then. One that is
not is heavy: it goes on, at the lowest priority, if a heavy place is free, else it is stopped and starts
again when one is. Texts known to be heavy do not get a quick turn. So light queries never wait behind heavy
ones, however many there are.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from natgraph.engine.answer import Answer
from natgraph.engine.cache import Cache
from natgraph.engine.limits import Limits
from natgraph.engine.link import Gone, Worker, Zygote
from natgraph.engine.request import Request
from natgraph.engine.run import Run
from natgraph.errors import Busy, QueryTooLarge
from natgraph.store import Snapshot

_REMEMBERED = 4096


@dataclass(frozen=True)
class State:
    """How many queries wait for a place, how many run in a heavy one, how many workers were killed so far."""

    waiting: int
    heavy: int
    killed: int


class Engine:
    """Answers requests over one snapshot of a version (a Backend)."""

    def __init__(self, snapshot: Snapshot, limits: Limits | None = None, version: str | None = None) -> None:
        self.limits = limits or Limits()
        self._version = version
        self._zygote = Zygote(snapshot, self.limits.memory)
        self._cache = Cache(self.limits.cache_bytes)
        self._idle: list[Worker] = []
        self._quick = asyncio.Semaphore(self.limits.workers)
        self._heavy = asyncio.Semaphore(self.limits.workers)
        self._waiting = 0
        self._running_heavy = 0
        self._clients: Counter[str] = Counter()
        self._known_heavy: OrderedDict[str, None] = OrderedDict()

    async def start(self) -> None:
        """Load the graph and have some workers ready."""
        await self._zygote.start()
        self._idle = [await self._zygote.fork() for _ in range(self.limits.workers)]

    async def stop(self) -> None:
        """End all processes."""
        await self._zygote.stop()

    def state(self) -> State:
        """What the engine is doing now."""
        return State(self._waiting, self._running_heavy, self._zygote.killed)

    def version(self) -> str | None:
        """The version of the snapshot."""
        return self._version

    async def answer(self, request: Request, client: str = "", seconds: float | None = None) -> Answer:
        """The answer to a request of a client, within ``seconds`` (at most the engine's limit).

        Raises QuerySyntax, QueryForbidden, NotAcceptable, QueryFailed, QueryTimeout, QueryOutOfMemory,
        QueryTooLarge, Busy.
        """
        if len(request.query.encode()) > self.limits.text:
            raise QueryTooLarge(f"A query may have {self.limits.text} bytes.")
        run = Run(request, self.limits, min(seconds or self.limits.seconds, self.limits.seconds))
        digest = request.digest()
        if known := self._cache.get(digest):
            return known
        answer = await self._answer(run, digest, client)
        self._cache.put(digest, answer)
        return answer

    async def _answer(self, run: Run, digest: str, client: str) -> Answer:
        if digest not in self._known_heavy:
            answer = await self._quick_turn(run)
            if answer:
                return answer
            self._remember(digest)
        return await self._heavy_turn(run, client)

    async def _quick_turn(self, run: Run) -> Answer | None:
        """The answer if the query is done within a slice (or goes on in a free heavy place), else None."""
        async with self._place(self._quick):
            run.begin(await self._take())
            try:
                done = await run.within(self.limits.slice)
            except BaseException:
                self._give_back(run)
                raise
        if done:
            self._give_back(run)
            return run.whole()
        if self._heavy.locked():
            run.stop()
            return None
        await self._heavy.acquire()
        return await self._go_on(run)

    async def _heavy_turn(self, run: Run, client: str) -> Answer:
        if self._clients[client] >= self.limits.heavy_a_client:
            raise Busy("You have too many heavy queries running or waiting.", 5)
        self._clients[client] += 1
        try:
            await self._acquire(self._heavy)
            try:
                run.begin(await self._take())
            except BaseException:
                self._heavy.release()
                raise
            return await self._go_on(run)
        finally:
            self._clients[client] -= 1

    async def _go_on(self, run: Run) -> Answer:
        """Let a query run on in the heavy place that was taken for it; the place is free when it ends."""
        self._running_heavy += 1
        run.when_over(self._leave_heavy)
        run.yield_to_others()
        return await run.answer()

    def _leave_heavy(self) -> None:
        self._running_heavy -= 1
        self._heavy.release()

    @asynccontextmanager
    async def _place(self, places: asyncio.Semaphore) -> AsyncIterator[None]:
        await self._acquire(places)
        try:
            yield
        finally:
            places.release()

    async def _acquire(self, places: asyncio.Semaphore) -> None:
        if self._waiting >= self.limits.queue:
            raise Busy("Too many queries are waiting.", 5)
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.patience):
                await places.acquire()
        except TimeoutError:
            raise Busy("No place became free for this query.", 10) from None
        finally:
            self._waiting -= 1

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            worker.close()
        for _attempt in range(2):
            with suppress(Gone):
                return await self._zygote.fork()
        raise Busy("The engine is starting anew.", 1)

    def _give_back(self, run: Run) -> None:
        worker = run.release()
        if worker is not None and len(self._idle) < self.limits.workers:
            self._idle.append(worker)
        elif worker is not None:
            worker.kill()

    def _remember(self, digest: str) -> None:
        self._known_heavy[digest] = None
        if len(self._known_heavy) > _REMEMBERED:
            self._known_heavy.popitem(last=False)
