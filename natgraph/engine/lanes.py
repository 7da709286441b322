"""Which query runs when: every query first gets a short turn, and only those that need more wait in line.

A query runs at once for ``slice`` seconds in one of a few quick turns. Most are done by then. One that is
not is heavy: it goes on if a heavy place is free, else it is stopped and starts again when one is. Texts
known to be heavy do not get a quick turn. As soon as others ask, heavy queries run at the lowest priority. So
light queries never wait behind heavy ones, however many there are.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from natgraph.engine.answer import Answer
from natgraph.engine.backend import State
from natgraph.engine.limits import Limits
from natgraph.engine.request import Request
from natgraph.engine.run import Run
from natgraph.engine.workers import Workers
from natgraph.errors import Busy, QueryTooLarge
from natgraph.store import Snapshot

_REMEMBERED = 4096


class Engine:
    """Answers requests over one snapshot (a Backend)."""

    def __init__(self, snapshot: Snapshot, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.version: str | None = snapshot.version
        self._workers = Workers(snapshot, self.limits)
        self._quick = asyncio.Semaphore(self.limits.workers)
        self._heavy = asyncio.Semaphore(self.limits.workers)
        self._waiting = 0
        self._running_heavy: set[Run] = set()
        self._clients: Counter[str] = Counter()
        self._known_heavy: OrderedDict[str, None] = OrderedDict()

    async def start(self) -> None:
        """Load the graph and have some workers ready."""
        await self._workers.start()

    async def stop(self) -> None:
        """End all processes."""
        await self._workers.stop()

    async def retire(self) -> None:
        """End all processes as soon as every answer that has begun is given."""
        await self._workers.all_idle()
        await self.stop()

    def state(self) -> State:
        """What the engine is doing now."""
        return State(self._waiting, len(self._running_heavy), self._workers.killed)

    async def answer(self, request: Request, client: str = "", seconds: float | None = None) -> Answer:
        """The answer to a request of a client, within ``seconds`` (at most the engine's limit).

        Raises QuerySyntax, QueryForbidden, NotAcceptable, QueryFailed, QueryTimeout, QueryOutOfMemory,
        QueryTooLarge, Busy.
        """
        if len(request.query.encode()) > self.limits.text:
            raise QueryTooLarge(f"A query may have {self.limits.text} bytes.")
        run = Run(request, self.limits, min(seconds or self.limits.seconds, self.limits.seconds))
        digest = request.digest
        if digest not in self._known_heavy:
            answer = await self._quick_turn(run, client)
            if answer:
                return answer
            self._remember(digest)
        return await self._heavy_turn(run, client)

    async def _quick_turn(self, run: Run, client: str) -> Answer | None:
        """The answer if the query is done within a slice (or goes on in a free heavy place), else None."""
        for heavy in self._running_heavy:
            heavy.yield_to_others()
        await self._acquire(self._quick)
        try:
            run.begin(await self._workers.take(), self._workers.give_back)
            done = await run.within(self.limits.slice)
        except BaseException:
            run.stop()
            raise
        finally:
            self._quick.release()
        if done:
            run.stop()
            return run.whole()
        if self._heavy.locked() or self._clients[client] >= self.limits.heavy_a_client:
            run.stop()
            return None
        await self._heavy.acquire()
        with self._counted(client):
            return await self._go_on(run)

    async def _heavy_turn(self, run: Run, client: str) -> Answer:
        if self._clients[client] >= self.limits.heavy_a_client:
            raise Busy("You have too many heavy queries running or waiting.", 5)
        with self._counted(client):
            await self._acquire(self._heavy)
            try:
                run.begin(await self._workers.take(heavy=True), self._workers.give_back)
            except BaseException:
                self._heavy.release()
                raise
            return await self._go_on(run)

    async def _go_on(self, run: Run) -> Answer:
        """Let a query run on in the heavy place that was taken for it; the place is free when it ends."""
        self._running_heavy.add(run)
        run.count_as_heavy(lambda: self._leave_heavy(run))
        return await run.answer()

    def _leave_heavy(self, run: Run) -> None:
        self._running_heavy.discard(run)
        self._heavy.release()

    @contextmanager
    def _counted(self, client: str) -> Iterator[None]:
        """Count a heavy query of a client that waits or whose answer has not begun."""
        self._clients[client] += 1
        try:
            yield
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]

    async def _acquire(self, places: asyncio.Semaphore) -> None:
        if not places.locked():
            await places.acquire()
            return
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

    def _remember(self, digest: str) -> None:
        self._known_heavy[digest] = None
        if len(self._known_heavy) > _REMEMBERED:
            self._known_heavy.popitem(last=False)
