"""Which graphs may be written, and what may stand in them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from natgraph.errors import WriteRefused
from natgraph.store import DefaultGraphIs
from natgraph.terms import ONTOLOGY, QUERIES, RULES
from natgraph.writes.change import Change
from natgraph.writes.graphs import DEFAULT, unnamed
from natgraph.writes.patch import GraphChange

NOT_WRITABLE: Mapping[str, str] = MappingProxyType(
    {
        RULES.value: "the rules derive it from the other graphs; write what they conclude from",
        QUERIES.value: "it holds the canned queries, which come with the code",
        ONTOLOGY.value: "it holds the ontology and the code lists, which are changed in ontology/",
    }
)
"""Graphs of natgraph's own data that are made from elsewhere, and why."""


def may_ask(change: Change, ours: bool, default_graph: DefaultGraphIs) -> None:
    """Refuse, before anything is done, a change of a graph that may not be written (WriteRefused)."""
    if change.graph is not None:
        _may_write(change.graph, ours, default_graph)


def may_happen(done: Iterable[GraphChange], ours: bool, default_graph: DefaultGraphIs) -> None:
    """Refuse what a change has done, if it may not be (WriteRefused)."""
    for change in done:
        _may_write(change.graph, ours, default_graph)
        if ours and (culprit := unnamed(f"{text} ." for text in change.added)):
            raise WriteRefused(
                f"The graph {change.graph} would hold a blank node or quoted triple: {culprit} "
                "Give it an IRI, so that others can point at it."
            )


def _may_write(graph: str, ours: bool, default_graph: DefaultGraphIs) -> None:
    if graph == DEFAULT and default_graph == "merge":
        raise WriteRefused(
            "Name a graph: the default graph is the merge of the named ones and cannot be written. "
            "In an update, say GRAPH <…> { } or WITH <…>; in the Graph Store Protocol, ?graph=…"
        )
    if graph.startswith("_:"):
        raise WriteRefused("A graph that is named by a blank node cannot be written.")
    if ours and graph in NOT_WRITABLE:
        raise WriteRefused(f"The graph {graph} cannot be written: {NOT_WRITABLE[graph]}.")
