"""Filling a store elsewhere with a checked dataset: its graphs, their merge, and last the version."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Triple
from pyoxigraph import Store as Memory

from natgraph.build import Dataset
from natgraph.errors import NotPublished, QueryError
from natgraph.remote.record import GRAPH, Record, count, holds, read
from natgraph.remote.store import Store
from natgraph.remote.writers import Writer
from natgraph.store import load
from natgraph.terms import RDF, record

MERGED = record("source", "natgraph-merged")
"""The graph that stands for the default graph where a store's own is the union of all graphs."""

_PROBE = record("source", "natgraph-probe")
_ANYTHING = "ASK { ?s ?p ?o }"
_SEES_PROBE = """
PREFIX source: <https://w3id.org/natgraph/id/source/>
ASK { source:natgraph-probe a source:natgraph-probe }"""
_STEP = 100
Report = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """How many graphs were sent, left as they were, and dropped."""

    sent: int = 0
    unchanged: int = 0
    dropped: int = 0


async def publish(
    dataset: Dataset, store: Store, writer: Writer, report: Report, replace: bool = False
) -> Outcome:
    """Make a store hold a dataset and the merge of its graphs as default graph.

    Only graphs that changed are sent. The version is taken away first and written last, so a store that
    was left half filled has none; doing it again mends that. ``replace`` allows to do away with what a
    default graph holds that is not ours. Raises NotPublished.
    """
    try:
        before = await read(store)
        if before.version == dataset.version:
            return Outcome(unchanged=len(before.graphs))
        filling = _Filling(load(dataset.nquads), writer, report)
        default = await _default_graph(store, writer)
        if default is None and not (before.graphs or replace) and await holds(store, _ANYTHING):
            raise NotPublished(
                "The store's default graph holds other data, which publishing would do away with. "
                "Name an empty store, or give --replace."
            )
    except QueryError as error:
        raise NotPublished(
            f"{error} Nothing was published: see --update-url and --graph-store-url."
        ) from error
    try:
        outcome = await filling.fill(before, default)
        await _compare(store, filling, default)
        await filling.finish(dataset.version, default)
    except QueryError as error:
        raise NotPublished(
            f"{error} The store is filled in part and has no data version now. Publish again to mend it."
        ) from error
    return outcome


async def _default_graph(store: Store, writer: Writer) -> NamedNode | None:
    """The graph that is to stand for the default graph: None for the default graph itself.

    A store whose default graph is the union of all, with or without doubles, cannot hold a merge there; a
    triple of our own in a named graph shows it.
    """
    await writer.replace(_PROBE, [Triple(_PROBE, RDF["type"], _PROBE)])
    await writer.flush()
    union = await holds(store, _SEES_PROBE)
    await writer.drop(_PROBE)
    await writer.flush()
    return MERGED if union else None


async def _compare(store: Store, filling: "_Filling", default: NamedNode | None) -> None:
    found = await count(store, default.value if default else None)
    if found != filling.merged:
        raise NotPublished(
            f"The store was given {filling.merged} triples as default graph and says that it holds {found}. "
            "It has no data version now."
        )


class _Filling:
    """One dataset on its way into a store."""

    def __init__(self, data: Memory, writer: Writer, report: Report) -> None:
        self._data = data
        self._writer = writer
        self._report = report
        names = sorted(node.value for node in data.named_graphs() if isinstance(node, NamedNode))
        self._digests = {name: _digest(self._triples(NamedNode(name))) for name in names}

    @property
    def merged(self) -> int:
        """How many triples the merge has."""
        return sum(1 for _ in self._triples(None))

    async def fill(self, before: Record, default: NamedNode | None) -> Outcome:
        """Take the version away, send what changed, drop what is gone, make the merge."""
        changed = [name for name, digest in self._digests.items() if before.graphs.get(name) != digest]
        gone = [name for name in before.graphs if name not in self._digests]
        if before.default_graph and default is None:
            gone.append(before.default_graph)
        whole = {name: digest for name, digest in self._digests.items() if name not in set(changed)}
        touched = dict.fromkeys([*changed, *gone], "")
        await self._note(Record(None, default.value if default else None, whole | touched))
        await self._send(changed)
        for name in gone:
            await self._writer.drop(NamedNode(name))
        self._report("The merge of all graphs.")
        await self._writer.replace(default, self._triples(None))
        await self._writer.flush()
        return Outcome(len(changed), len(whole), len(gone))

    async def finish(self, version: str, default: NamedNode | None) -> None:
        """Write the version."""
        await self._note(Record(version, default.value if default else None, self._digests))

    async def _send(self, names: list[str]) -> None:
        for number, name in enumerate(names, start=1):
            await self._writer.replace(NamedNode(name), self._triples(NamedNode(name)))
            if number % _STEP == 0 or number == len(names):
                self._report(f"{number} of {len(names)} graphs.")

    async def _note(self, said: Record) -> None:
        await self._writer.replace(GRAPH, said.triples())
        await self._writer.flush()

    def _triples(self, graph: NamedNode | None) -> Iterator[Triple]:
        """The triples of a graph, or (None) of the merge."""
        for quad in self._data.quads_for_pattern(None, None, None, graph or DefaultGraph()):
            yield Triple(quad.subject, quad.predicate, quad.object)


def _digest(triples: Iterator[Triple]) -> str:
    """SHA-256 over the sorted N-Triples."""
    return hashlib.sha256("".join(sorted(f"{triple} .\n" for triple in triples)).encode()).hexdigest()
