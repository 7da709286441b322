"""New editions for a server that runs: after its files have changed, and after each write. One at a time."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from natgraph.publish import Edition, Source, make_apart
from natgraph.store import Snapshot
from natgraph.web.site import Offer, Site
from natgraph.writes.change import Change
from natgraph.writes.patch import Overlay
from natgraph.writes.prepare import Prepared, Target, WriteLimits, prepare
from natgraph.writes.state import State


@dataclass(frozen=True)
class Stock:
    """What editions are made from and with: the source, what was written, a folder, the offer's maker."""

    source: Source
    state: State | None
    folder: Path
    offer: Callable[[Snapshot, Path], Offer]
    limits: WriteLimits = field(default_factory=WriteLimits)


class Publisher:
    """Puts editions in place of what a site serves; the one before gives the answers it has begun."""

    def __init__(self, site: Site, stock: Stock, edition: Edition) -> None:
        self._site = site
        self._stock = stock
        self._edition = edition
        self._turn = asyncio.Lock()

    @property
    def version(self) -> str:
        """The data version that is served now."""
        return self._edition.version

    async def publish(self) -> bool:
        """Serve what the files say now, with what was written over it; whether anything has changed.

        Raises NotPublished, and all stays as it was, for files that cannot be used or do not conform.
        """
        async with self._turn:
            folder = self._folder()
            try:
                edition = await make_apart(self._stock.source, self.overlay(), folder)
                if edition.version == self.version:
                    await self._settle(edition)
                    shutil.rmtree(folder)
                    return False
                await self._serve(edition, lambda: self._settle(edition))
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            return True

    async def write(self, change: Change, who: str) -> Prepared:
        """Do a change, if it may be done; when this returns it is on the disk and everyone sees it.

        Raises what ``prepare`` raises, and StateError; then nothing has changed.
        """
        state = self._stock.state
        assert state is not None  # noqa: S101 - writing is offered only where there is one
        async with self._turn:
            folder = self._folder()
            try:
                target = Target(
                    self._edition.nquads,
                    self.version,
                    self._stock.source.shapes,
                    self._stock.source.default_graph,
                )
                done = await prepare(change, target, folder, self._stock.limits)
                if not done.changes:
                    shutil.rmtree(folder)
                    return done
                edition = Edition(done.nquads, done.version, 0, self._edition.overlay)
                await self._serve(edition, lambda: asyncio.to_thread(state.commit, done, who))
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            return done

    def overlay(self) -> Overlay:
        """All that was written and is kept."""
        return self._stock.state.overlay() if self._stock.state else Overlay()

    async def _serve(self, edition: Edition, first: Callable[[], Awaitable[None]]) -> None:
        snapshot = edition.snapshot(self._stock.source.default_graph)
        offer = await asyncio.to_thread(self._stock.offer, snapshot, edition.nquads.parent)
        before = self._edition.nquads.parent
        retiring = await self._site.swap(offer, first)
        self._edition = edition
        retiring.add_done_callback(lambda _: shutil.rmtree(before, ignore_errors=True))

    async def _settle(self, edition: Edition) -> None:
        if self._stock.state:
            await asyncio.to_thread(self._stock.state.settle, edition.overlay)

    def _folder(self) -> Path:
        return Path(mkdtemp(prefix="edition-", dir=self._stock.folder))
