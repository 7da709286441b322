"""Two standard ways to fill a store, in pieces of bounded size.

SPARQL 1.1 Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/), SPARQL 1.1 Update
(https://www.w3.org/TR/sparql11-update/). A graph of None is the default graph.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

import httpx
from pyoxigraph import NamedNode, Triple

from natgraph.remote.store import Store

_LARGE_PIECE = 4 << 20
_SMALL_PIECE = 1 << 19
_N_TRIPLES = "application/n-triples"
_UPDATE = "application/sparql-update"


class Writer(Protocol):
    """Fills a store; what is done may wait until ``flush``. Raises what sending to a store raises."""

    async def replace(self, graph: NamedNode | None, triples: Iterable[Triple]) -> None:
        """Make a graph consist of these triples, of which there is at least one."""

    async def drop(self, graph: NamedNode) -> None:
        """Remove a graph, if it is there."""

    async def flush(self) -> None:
        """Wait until all is done."""


class GraphStore:
    """The Graph Store Protocol at an address: PUT the first piece of a graph, POST the others."""

    def __init__(self, store: Store, address: str) -> None:
        self._store = store
        self._address = address

    async def replace(self, graph: NamedNode | None, triples: Iterable[Triple]) -> None:
        """Put a graph in its place."""
        method = "PUT"
        for piece in pieces(triples, _LARGE_PIECE):
            await self._store.send(method, self._of(graph), piece.encode(), _N_TRIPLES)
            method = "POST"

    async def drop(self, graph: NamedNode) -> None:
        """Remove a graph, if it is there."""
        await self._store.delete(self._of(graph))

    async def flush(self) -> None:
        """Nothing waits."""

    def _of(self, graph: NamedNode | None) -> str:
        chosen = {"graph": graph.value} if graph else {"default": ""}
        return str(httpx.URL(self._address).copy_merge_params(chosen))


class Updates:
    """SPARQL Update at an address: several operations a request, up to a size."""

    def __init__(self, store: Store, address: str) -> None:
        self._store = store
        self._address = address
        self._operations: list[str] = []
        self._size = 0

    async def replace(self, graph: NamedNode | None, triples: Iterable[Triple]) -> None:
        """Drop a graph and insert what it is to consist of."""
        await self._do(f"DROP SILENT GRAPH {graph}" if graph else "DROP SILENT DEFAULT")
        for piece in pieces(triples, _SMALL_PIECE):
            inner = f"GRAPH {graph} {{\n{piece}}}" if graph else piece
            await self._do(f"INSERT DATA {{\n{inner}}}")

    async def drop(self, graph: NamedNode) -> None:
        """Remove a graph, if it is there."""
        await self._do(f"DROP SILENT GRAPH {graph}")

    async def flush(self) -> None:
        """Send the operations that wait."""
        if self._operations:
            text = " ;\n".join(self._operations)
            self._operations, self._size = [], 0
            await self._store.send("POST", self._address, text.encode(), _UPDATE)

    async def _do(self, operation: str) -> None:
        """Add an operation, written from RDF terms alone."""
        if self._size + len(operation) > _SMALL_PIECE:
            await self.flush()
        self._operations.append(operation)
        self._size += len(operation)


def pieces(triples: Iterable[Triple], size: int) -> Iterator[str]:
    """N-Triples in texts of some size."""
    lines: list[str] = []
    length = 0
    for triple in triples:
        line = f"{triple} .\n"
        if lines and length + len(line) > size:
            yield "".join(lines)
            lines, length = [], 0
        lines.append(line)
        length += len(line)
    if lines:
        yield "".join(lines)
