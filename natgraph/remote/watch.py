"""Keeping up with a store: which version it holds, whether it answers."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from natgraph.errors import QueryError, StoreUnavailable
from natgraph.remote.record import Record, read
from natgraph.remote.store import RETRY, Store

EVERY = 3.0
"""Seconds between two looks at the store."""

_LONGEST = 10.0
_LOG = logging.getLogger(__name__)


class Watch:
    """The record of a store, read again and again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._record: Record | None = None
        self._answers = True
        self._looking: asyncio.Task[None] | None = None
        self._first: asyncio.Task[None] | None = None

    def version(self) -> str | None:
        """The version the store held when it was last looked at; None if it has none or does not answer."""
        return self._record.version if self._record else None

    async def record(self) -> Record:
        """The record; raises what asking the store raises as long as it could not be read once."""
        if self._record is None:
            if self._first is None or self._first.done():
                self._first = asyncio.ensure_future(self._look())
                self._first.add_done_callback(_note)
            await asyncio.shield(self._first)
        return self._record or Record()

    def start(self) -> None:
        """Begin to look."""
        self._looking = asyncio.ensure_future(self._keep_looking())

    async def stop(self) -> None:
        """Look no more."""
        tasks = [task for task in (self._looking, self._first) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_looking(self) -> None:
        while True:
            with suppress(QueryError):
                await self._look()
            await asyncio.sleep(EVERY)

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(_LONGEST):
                self._record = await read(self._store, self._record)
        except TimeoutError:
            self._lost("it takes too long")
            raise StoreUnavailable("The store does not answer now.", RETRY) from None
        except QueryError as error:
            self._lost(str(error))
            raise
        if not self._answers:
            _LOG.warning("The store answers again.")
        self._answers = True

    def _lost(self, why: str) -> None:
        """No version is known while the store does not answer; how it holds the data stays as it was."""
        if self._answers:
            _LOG.warning("The store cannot be asked: %s", why)
        self._answers = False
        if self._record:
            self._record = replace(self._record, version=None)


def _note(look: asyncio.Task[None]) -> None:
    """Note a failure that nobody may wait for any more."""
    if not look.cancelled():
        look.exception()
