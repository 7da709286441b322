"""What a server serves now; a publish puts the next snapshot in its place without a pause."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from natgraph.engine import Backend
from natgraph.search import Index
from natgraph.web.chains import Desk
from natgraph.web.facts import Facts

Retiring = asyncio.Future[None]


class Labels(Protocol):
    """An index of labels that is there, or being made."""

    def start(self) -> None:
        """Begin to make it."""

    def current(self) -> Index:
        """The index; raises Busy while it is being made, IndexFailed if that went wrong."""

    async def wait(self) -> None:
        """Wait until it is there, if it can be waited for."""

    async def stop(self) -> None:
        """Let go of it."""


@dataclass(frozen=True)
class Offer:
    """One edition as it is served: the store that answers, the index of its labels, its barrier chains.

    Data of others has no ``chains``.
    """

    backend: Backend
    labels: Labels
    chains: Desk | None = None

    async def start(self) -> None:
        """Be ready to answer; the indexes may take longer."""
        self.labels.start()
        await self.backend.start()
        if self.chains:
            self.chains.start()

    async def wait(self) -> None:
        """Wait until the indexes are there too; raises IndexFailed."""
        await asyncio.gather(self.labels.wait(), *([self.chains.wait()] if self.chains else []))

    async def stop(self) -> None:
        """End at once."""
        await asyncio.gather(self.backend.stop(), self._forget(), return_exceptions=True)

    async def retire(self) -> None:
        """End as soon as every answer that has begun is given."""
        await self.backend.retire()
        await self._forget()

    async def _forget(self) -> None:
        await asyncio.gather(self.labels.stop(), *([self.chains.stop()] if self.chains else []))


class Site:
    """The offer of now, with what its pages say of it.

    ``ours`` says whether it is natgraph's own data, with figures for the front page.
    """

    def __init__(self, offer: Offer, ours: bool) -> None:
        self._ours = ours
        self._offer = offer
        self._retiring: set[Retiring] = set()
        self.facts = Facts(offer.backend, ours)

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

    def chains(self) -> Desk:
        """Where questions about barrier chains are answered."""
        desk = self._offer.chains
        assert desk is not None  # noqa: S101 - the faces that ask are there for our own data only
        return desk

    async def start(self) -> None:
        """Be ready to answer."""
        await self._offer.start()

    async def swap(self, offer: Offer, first: Callable[[], Awaitable[None]] | None = None) -> Retiring:
        """Serve another offer from now on; give the end of the one before, which answers what it has begun.

        ``first`` is done when the new one is ready, before anyone sees it. If that or the start fails, the
        error is raised and all stays as it was.
        """
        try:
            await offer.start()
            facts = Facts(offer.backend, self._ours)
            await asyncio.gather(facts.figures(), facts.graphs(), offer.wait())
            if first:
                await first()
        except BaseException:
            await offer.stop()
            raise
        before, self._offer, self.facts = self._offer, offer, facts
        retiring = asyncio.ensure_future(before.retire())
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)
        return retiring

    async def stop(self) -> None:
        """End all."""
        for retiring in self._retiring:
            retiring.cancel()
        await asyncio.gather(self._offer.stop(), *self._retiring, return_exceptions=True)
