"""The workers at hand: lent to queries, taken back, made anew in the background."""

import asyncio
from contextlib import suppress

from natgraph.engine.limits import Limits
from natgraph.engine.link import Gone, Worker
from natgraph.engine.nursery import Nursery
from natgraph.errors import Busy, QueryError
from natgraph.store import Snapshot


class Workers:
    """Idle workers, the last used (whose memory is warm) first; those of lowered priority apart."""

    def __init__(self, snapshot: Snapshot, limits: Limits) -> None:
        self._limits = limits
        self._nursery = Nursery(snapshot, limits.memory)
        self._idle: list[Worker] = []
        self._lowered: list[Worker] = []
        self._lent = 0
        self._all_idle = asyncio.Event()
        self._all_idle.set()
        self._refilling: asyncio.Task[None] | None = None

    @property
    def killed(self) -> int:
        """How many workers ended by a signal so far."""
        return self._nursery.killed

    async def start(self) -> None:
        """Load the graph and have some workers ready."""
        await self._nursery.start()
        await self._refill()

    async def stop(self) -> None:
        """End all processes."""
        if self._refilling:
            await asyncio.gather(self._refilling, return_exceptions=True)
        await self._nursery.stop()

    async def all_idle(self) -> None:
        """Wait until no worker is lent."""
        await self._all_idle.wait()

    async def take(self, heavy: bool = False) -> Worker:
        """A worker, for a heavy query rather one of lowered priority; raises Busy if there is none."""
        self._lent += 1
        self._all_idle.clear()
        try:
            return (heavy and _last(self._lowered)) or _last(self._idle) or await self._new()
        except BaseException:
            self.give_back(None)
            raise

    def give_back(self, worker: Worker | None) -> None:
        """A query is over; its worker, if it lives and is as good as new, is kept for others."""
        self._lent -= 1
        if not self._lent:
            self._all_idle.set()
        if worker:
            self._keep(worker)
        if self._wanting() and (self._refilling is None or self._refilling.done()):
            self._refilling = asyncio.ensure_future(self._refill())

    def _keep(self, worker: Worker) -> None:
        others = self._lowered if worker.lowered else self._idle
        if len(others) < self._limits.workers and worker.rested(self._limits.memory // 4):
            others.append(worker)
        else:
            worker.kill()

    async def _new(self) -> Worker:
        """A worker that is born now; if nobody waits for it any more, it is kept for others."""
        for _attempt in range(2):
            birth = asyncio.ensure_future(self._nursery.fork())
            try:
                return await asyncio.shield(birth)
            except Gone:
                continue
            except asyncio.CancelledError:
                birth.add_done_callback(self._adopt)
                raise
        raise Busy("The engine is starting anew.", 1)

    def _adopt(self, birth: asyncio.Future[Worker]) -> None:
        if not birth.cancelled() and birth.exception() is None:
            self._keep(birth.result())

    def _wanting(self) -> bool:
        return len(self._idle) + self._lent < self._limits.workers

    async def _refill(self) -> None:
        """Have as many workers as may run quick queries."""
        with suppress(Gone, QueryError):  # then the next query tries again, and says so
            while self._wanting():
                self._idle.insert(0, await self._nursery.fork())


def _last(workers: list[Worker]) -> Worker | None:
    while workers:
        worker = workers.pop()
        if worker.alive:
            return worker
        worker.close()
    return None
