"""The index of labels of a store elsewhere: made from what it says, and anew when its version changes."""

import asyncio
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from natgraph.engine.request import Request
from natgraph.errors import Busy, IndexFailed, QueryError
from natgraph.remote.engine import RemoteEngine
from natgraph.search import Index, Making
from natgraph.search.labels import PROPERTIES
from natgraph.terms import RDF

_EVERY = 5.0
"""Seconds between two looks whether the version is another one."""
_QUERY = (
    "CONSTRUCT { ?thing ?property ?value } WHERE { ?thing ?property ?value VALUES ?property { "
    + " ".join(str(node) for node in (RDF["type"], *(node for _, node in PROPERTIES)))
    + " } }"
)


class RemoteLabels:
    """An index like ``natgraph.search.Making``; it may be one version behind the store for a moment."""

    def __init__(self, engine: RemoteEngine) -> None:
        self._engine = engine
        self._folder = TemporaryDirectory(prefix="natgraph-labels-")
        self._making: Making | None = None
        self._of: str | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to make it; nobody has to wait."""
        self._task = asyncio.ensure_future(self._keep_up())

    def current(self) -> Index:
        """The index; raises Busy while there is none and IndexFailed if making it went wrong."""
        if self._making is None:
            raise Busy("The search index is being made, or the store cannot be asked.", 5)
        return self._making.current()

    async def wait(self) -> None:
        """Return at once: the store need not answer yet."""

    async def stop(self) -> None:
        """Let go of the index."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._making:
            await self._making.stop()
        self._folder.cleanup()

    async def _keep_up(self) -> None:
        while True:
            with suppress(QueryError, IndexFailed):
                version = await self._engine.known_version()
                if self._making is None or version not in (self._of, None):
                    await self._make(version)
            await asyncio.sleep(_EVERY)

    async def _make(self, version: str | None) -> None:
        path = Path(self._folder.name) / f"{version or 'unknown'}.nt"
        await self._fetch(path)
        making = Making(path, version or "unknown")
        making.start()
        await making.wait()
        before, self._making, self._of = self._making, making, version
        if before:
            await before.stop()

    async def _fetch(self, path: Path) -> None:
        """Write what the store says of labels and types into a file; raises IndexFailed if it is cut."""
        answer = await self._engine.answer(Request(_QUERY, None, "nt"), "natgraph's own labels")
        last = answer.body or b""
        with path.open("wb") as file:
            file.write(last)
            if answer.parts:
                async for part in answer.parts:
                    file.write(part)
                    last = part or last
        if last.splitlines()[-1:] and last.splitlines()[-1].startswith(b"#"):
            raise IndexFailed("The store says more of labels than is read within the limits.")
