"""What is published and what was written over it, together."""

import hashlib
from dataclasses import dataclass

from pyoxigraph import Store

from natgraph.build import Dataset
from natgraph.store import load
from natgraph.terms import RULES
from natgraph.writes.graphs import graphs, node, nquads, read, statements, triples
from natgraph.writes.patch import Overlay, Patch
from natgraph.writes.pipeline import rederive


@dataclass(frozen=True)
class Assembled:
    """A dataset to serve, and the overlay without what makes no difference to its base any more."""

    dataset: Dataset
    overlay: Overlay


def assemble_with(base: Dataset, overlay: Overlay, *, ours: bool) -> Assembled:
    """The dataset that ``base`` and the overlay make; with ``ours`` the rules derive theirs anew.

    It is not checked. What an overlay adds that the base says too, and removes that the base does not say, is
    left out of the overlay that is given back.
    """
    if not overlay.patches:
        return Assembled(base, Overlay({}, base.version, base.version))
    store = load(base.nquads, "as-is")
    patches = {graph: _apply(store, graph, patch) for graph, patch in overlay.patches.items()}
    kept = {graph: patch for graph, patch in patches.items() if patch != Patch()}
    dataset = _written(store, ours) if kept else base
    return Assembled(dataset, Overlay(kept, dataset.version, base.version))


def _apply(store: Store, graph: str, patch: Patch) -> Patch:
    """Apply a patch to a graph of a store; give what of it made a difference."""
    name = node(graph)
    kept = patch.over(frozenset(statements(triples(store, name))))
    if kept.whole:
        store.clear_graph(name)
    for quad in read(graph, kept.removed):
        store.remove(quad)
    store.extend(read(graph, kept.added))
    return kept


def _written(store: Store, ours: bool) -> Dataset:
    content = graphs(store)
    if ours:
        content[RULES.value] = rederive(store)
    written = nquads(content)
    return Dataset(written, hashlib.sha256(written).hexdigest())
