"""Snapshots that can be asked: named graphs, and as default graph their merge or the file's own."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

DefaultGraphIs = Literal["merge", "as-is"]


@dataclass(frozen=True)
class Snapshot:
    """An immutable graph to serve: a file of N-Quads, or a store's folder made of one.

    ``default_graph`` says whether the default graph is the merge of the named ones or the file's own;
    ``version`` is the data version.
    """

    source: Path
    default_graph: DefaultGraphIs = "merge"
    version: str | None = None

    @property
    def on_disk(self) -> bool:
        """Whether it is a store's folder, in which the default graph is as it should be already."""
        return self.source.is_dir()

    def open(self) -> Store:
        """The store, in memory or read from disk; nobody may write to it."""
        if self.on_disk:
            return Store.read_only(str(self.source))
        return load(self.source.read_bytes(), self.default_graph)


def load(nquads: bytes, default_graph: DefaultGraphIs = "merge") -> Store:
    """A store in memory with the graphs of N-Quads and, if asked for, their merge as default graph.

    The merge holds each triple once however many sources state it, so that counts are right
    (the engine's own union of graphs counts a triple once a graph).
    """
    store = Store()
    store.bulk_load(nquads, RdfFormat.N_QUADS)
    if default_graph == "merge":
        merge(store)
    return store


def merge(store: Store) -> None:
    """Add to a store's default graph what the named graphs say."""
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")


def put_on_disk(snapshot: Snapshot, folder: Path) -> Snapshot:
    """The same snapshot as a store's folder, for graphs that are large for memory."""
    store = Store(str(folder))
    store.bulk_load(path=str(snapshot.source), format=RdfFormat.N_QUADS)
    if snapshot.default_graph == "merge":
        store.bulk_extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in store)
    store.flush()
    return replace(snapshot, source=folder)
