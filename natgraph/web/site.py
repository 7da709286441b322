"""What a server serves now; a publish puts the next snapshot in its place without a pause."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from natgraph.engine import Backend, Request
from natgraph.library import canned
from natgraph.search import Index, Making

Retiring = asyncio.Future[None]
_GRAPHS = "SELECT ?graph WHERE { GRAPH ?graph {} } ORDER BY ?graph"


@dataclass(frozen=True)
class Offer:
    """One edition as it is served: the store that answers, and the index of its labels."""

    backend: Backend
    labels: Making

    async def start(self) -> None:
        """Be ready to answer; the index may take longer."""
        self.labels.start()
        await self.backend.start()

    async def stop(self) -> None:
        """End at once."""
        await asyncio.gather(self.backend.stop(), self.labels.stop(), return_exceptions=True)

    async def retire(self) -> None:
        """End as soon as every answer that has begun is given."""
        await self.backend.retire()
        await self.labels.stop()


class Site:
    """The offer of now, with what its pages say of it.

    ``ours`` says whether it is natgraph's own data, with figures for the front page.
    """

    def __init__(self, offer: Offer, ours: bool) -> None:
        self._ours = ours
        self._offer = offer
        self._retiring: set[Retiring] = set()
        self.graphs: list[str] = []
        self.figures: dict[str, str] = {}

    @property
    def backend(self) -> Backend:
        """The store that answers now."""
        return self._offer.backend

    @property
    def version(self) -> str:
        """The version of the data served now, ``unknown`` if the store does not tell."""
        return self.backend.version or "unknown"

    def labels(self) -> Index:
        """The index of labels; raises Busy while it is being made, IndexFailed if that went wrong."""
        return self._offer.labels.current()

    async def start(self) -> None:
        """Be ready to answer."""
        await self._offer.start()
        self.graphs, self.figures = await self._told(self.backend)

    async def swap(self, offer: Offer, first: Callable[[], Awaitable[None]] | None = None) -> Retiring:
        """Serve another offer from now on; give the end of the one before, which answers what it has begun.

        ``first`` is done when the new one is ready, before anyone sees it. If that or the start fails, the
        error is raised and all stays as it was.
        """
        try:
            await offer.start()
            told = await self._told(offer.backend)
            await offer.labels.wait()
            if first:
                await first()
        except BaseException:
            await offer.stop()
            raise
        before, self._offer = self._offer, offer
        self.graphs, self.figures = told
        retiring = asyncio.ensure_future(before.retire())
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)
        return retiring

    async def stop(self) -> None:
        """End all."""
        for retiring in self._retiring:
            retiring.cancel()
        await asyncio.gather(self._offer.stop(), *self._retiring, return_exceptions=True)

    async def _told(self, backend: Backend) -> tuple[list[str], dict[str, str]]:
        graphs = [row["graph"] for row in await _rows(backend, _GRAPHS)]
        return graphs, (await _rows(backend, canned("figures")))[0] if self._ours else {}


async def _rows(backend: Backend, query: str) -> list[dict[str, str]]:
    """The rows of a small SELECT as text."""
    answer = await backend.answer(Request(query))
    bindings = json.loads(answer.body or b"{}")["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in bindings]
