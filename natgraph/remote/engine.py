"""The store elsewhere behind the same interface as the embedded one."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from natgraph.engine.answer import Answer
from natgraph.engine.backend import State
from natgraph.engine.limits import Limits
from natgraph.engine.request import Request
from natgraph.errors import Busy, QueryTooLarge
from natgraph.remote.asked import Asked
from natgraph.remote.delivery import Delivery
from natgraph.remote.endpoint import Endpoint
from natgraph.remote.record import Record
from natgraph.remote.store import Parameters, Store
from natgraph.remote.translators import Translator, Translators
from natgraph.remote.watch import Watch

_A_WORKER = 8
"""Queries at once for each worker: what they cost is paid by the store."""


class RemoteEngine:
    """Answers requests over the graph of a store elsewhere (natgraph.engine.backend.Backend)."""

    def __init__(self, endpoint: Endpoint, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        at_once = self.limits.workers * _A_WORKER
        self._store = Store(endpoint, at_once + 1)
        self._watch = Watch(self._store)
        self._translators = Translators(self.limits, at_once)
        self._places = asyncio.Semaphore(at_once)
        self._waiting = 0
        self._running = 0
        self._clients: Counter[str] = Counter()

    async def start(self) -> None:
        """Have some translators ready and begin to look at the store, which need not answer yet."""
        await self._translators.start()
        self._watch.start()

    async def stop(self) -> None:
        """End all processes and connections."""
        await self._watch.stop()
        await self._translators.stop()
        await self._store.close()

    async def retire(self) -> None:
        """End at once: a store elsewhere is never exchanged while serving."""
        await self.stop()

    def state(self) -> State:
        """What is going on now; every query elsewhere counts as heavy."""
        return State(self._waiting, self._running, self._translators.killed)

    @property
    def version(self) -> str | None:
        """The version of natgraph's data in the store; None for other data or while it is not known."""
        return self._watch.version()

    async def known_version(self) -> str | None:
        """The same, after at least one look at the store; raises what that raises."""
        await self._watch.record()
        return self.version

    async def answer(self, request: Request, client: str = "", seconds: float | None = None) -> Answer:
        """The answer to a request of a client, within ``seconds`` (at most the engine's limit).

        Raises what the embedded engine raises, StoreUnavailable and UpstreamFailed.
        """
        if len(request.query.encode()) > self.limits.text:
            raise QueryTooLarge(f"A query may have {self.limits.text} bytes.")
        async with self._counted(client):
            record = await self._watch.record()
            translator = await self._take()
            seconds = min(seconds or self.limits.seconds, self.limits.seconds)
            over = partial(self._leave, translator)
            delivery = Delivery(request, self.limits, seconds, translator, over)
            return await delivery.answer(self._store, partial(_parameters, request, record))

    @asynccontextmanager
    async def _counted(self, client: str) -> AsyncIterator[None]:
        """Count a client's queries that wait or whose answer has not begun."""
        if self._clients[client] >= self.limits.heavy_a_client:
            raise Busy("You have too many queries running or waiting.", 5)
        self._clients[client] += 1
        try:
            yield
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]

    async def _take(self) -> Translator:
        """A place and a translator."""
        await self._acquire()
        try:
            translator = await self._translators.take()
        except BaseException:
            self._places.release()
            raise
        self._running += 1
        return translator

    def _leave(self, translator: Translator) -> None:
        self._running -= 1
        self._places.release()
        self._translators.give_back(translator)

    async def _acquire(self) -> None:
        if self._waiting >= self.limits.queue:
            raise Busy("Too many queries are waiting.", 5)
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.patience):
                await self._places.acquire()
        except TimeoutError:
            raise Busy("No place became free for this query.", 10) from None
        finally:
            self._waiting -= 1


def _parameters(request: Request, record: Record, asked: Asked) -> Parameters:
    """A query and its dataset by the protocol, whose parameters win over what query and store say themselves.

    A store whose own default graph is the union of all is told of another one: the client's, the query's,
    else the merge, with the named graphs of the data where the query looks into any.
    """
    default, named = list(request.default_graphs), list(request.named_graphs)
    if record.default_graph and not (default or named):
        default, named = asked.default_graphs, asked.named_graphs
        if not (default or named):
            default, named = [record.default_graph], list(record.graphs) if asked.says_graph else []
    return {"query": request.text, "default-graph-uri": default, "named-graph-uri": named}
