"""What a server serves now; a publish puts the next snapshot in its place without a pause."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from natgraph.engine import Backend, Request
from natgraph.library import canned

Retiring = asyncio.Future[None]
_GRAPHS = "SELECT ?graph WHERE { GRAPH ?graph {} } ORDER BY ?graph"


class Site:
    """The store that answers now, with what its pages say of it.

    ``ours`` says whether it holds natgraph's own data, with figures for the front page.
    """

    def __init__(self, backend: Backend, ours: bool) -> None:
        self._ours = ours
        self._retiring: set[Retiring] = set()
        self.backend = backend
        self.graphs: list[str] = []
        self.figures: dict[str, str] = {}

    @property
    def version(self) -> str:
        """The version of the data served now, ``unknown`` if the store does not tell."""
        return self.backend.version or "unknown"

    async def start(self) -> None:
        """Be ready to answer."""
        await self.backend.start()
        self.graphs, self.figures = await self._told(self.backend)

    async def swap(self, backend: Backend, first: Callable[[], Awaitable[None]] | None = None) -> Retiring:
        """Serve another store from now on; give the end of the one before, which answers what it has begun.

        ``first`` is done when the new one is ready, before anyone sees it. If that or the start fails, the
        error is raised and all stays as it was.
        """
        try:
            await backend.start()
            told = await self._told(backend)
            if first:
                await first()
        except BaseException:
            await backend.stop()
            raise
        before, self.backend = self.backend, backend
        self.graphs, self.figures = told
        retiring = asyncio.ensure_future(before.retire())
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)
        return retiring

    async def stop(self) -> None:
        """End all."""
        for retiring in self._retiring:
            retiring.cancel()
        await asyncio.gather(self.backend.stop(), *self._retiring, return_exceptions=True)

    async def _told(self, backend: Backend) -> tuple[list[str], dict[str, str]]:
        graphs = [row["graph"] for row in await _rows(backend, _GRAPHS)]
        return graphs, (await _rows(backend, canned("figures")))[0] if self._ours else {}


async def _rows(backend: Backend, query: str) -> list[dict[str, str]]:
    """The rows of a small SELECT as text."""
    answer = await backend.answer(Request(query))
    bindings = json.loads(answer.body or b"{}")["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in bindings]
