"""Stores on the command line: a word for one of our own, or the address of a SPARQL endpoint elsewhere."""

import asyncio
import os
from typing import Any

import click

from natgraph.errors import BadStore, QueryError
from natgraph.remote.endpoint import Endpoint, address, credentials
from natgraph.remote.record import Record, read
from natgraph.remote.store import Store


class StoreAddress(click.ParamType[str | Endpoint]):
    """One of some words as it is, or an http(s) address as an Endpoint with the environment's credentials."""

    name = "store"

    def __init__(self, *words: str) -> None:
        self._words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | Endpoint:
        """The word or the endpoint; fails with a usage error that never shows the value's credentials."""
        if isinstance(value, Endpoint) or value in self._words:
            return value  # type: ignore[no-any-return]  # one of our words, or converted already
        try:
            return Endpoint(address(value), credentials(os.environ))
        except BadStore as error:
            words = f" Or it is one of {', '.join(self._words)}." if self._words else ""
            self.fail(f"{error}{words}", param, ctx)


def describe(endpoint: Endpoint) -> str:
    """What can be said of the store now, in a few words."""
    try:
        record = asyncio.run(_look(endpoint))
    except QueryError as error:
        return f"it cannot be asked now, every request tries anew: {error}"
    return f"data version {record.version[:12]}" if record.version else "data of an unknown version"


async def _look(endpoint: Endpoint) -> Record:
    store = Store(endpoint, 1)
    try:
        return await read(store)
    finally:
        await store.close()
