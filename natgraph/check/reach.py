"""The part of a graph that can be seen from some nodes by going along some properties.

Shapes go from node to node by properties that they name, and backwards by those they name as inverse. The
part that they see holds all statements about every node that they can come to: it is small where the graph is
large, and what they find on its nodes is what they find on the same nodes of the whole graph.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from natgraph.queries import Term
from natgraph.terms import RDF, RDFS, SH

Node = NamedNode | BlankNode

_DEFAULT = DefaultGraph()


@dataclass(frozen=True)
class Roads:
    """The properties to go along, and those to go along backwards."""

    forward: frozenset[Term]
    backward: frozenset[NamedNode] = frozenset()


def roads(shapes: Iterable[Triple]) -> Roads:
    """How shapes go: to be safe, along all IRIs that they name, and from things to their classes."""
    said = list(shapes)
    named = {triple.object for triple in said if isinstance(triple.object, NamedNode)}
    inverse = {triple.object for triple in said if triple.predicate == SH["inversePath"]}
    return Roads(
        frozenset(named | {RDF["type"], RDFS["subClassOf"]}),
        frozenset(named & inverse if inverse <= named else named),  # an inverse path may hold others
    )


def reach(store: Store, start: Iterable[Node], by: Roads) -> Iterator[Triple]:
    """The statements of a store's default graph about the nodes that can be seen; some come twice."""
    seen = set(start)
    waiting = list(seen)
    while waiting:
        node = waiting.pop()
        said = list(store.quads_for_pattern(node, None, None, _DEFAULT))
        before = [q for road in by.backward for q in store.quads_for_pattern(None, road, node, _DEFAULT)]
        yield from (quad.triple for quad in (*said, *before))
        new = _next(said, before, by.forward) - seen
        seen |= new
        waiting.extend(new)


def _next(said: Iterable[Quad], before: Iterable[Quad], forward: frozenset[Term]) -> set[Node]:
    """The nodes that statements lead to: objects forward, subjects backward."""
    objects = (quad.object for quad in said if quad.predicate in forward)
    return {
        node
        for node in (*objects, *(quad.subject for quad in before))
        if isinstance(node, NamedNode | BlankNode)
    }
