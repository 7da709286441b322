"""A chain as barriers and steps: the part of an answer that can be drawn and exported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import rustworkx as rx

from natgraph.chains.index import ChainIndex
from natgraph.chains.things import Source, Step, Thing
from natgraph.chains.walk import Onward


@dataclass(frozen=True, slots=True)
class Node:
    """A barrier in a chain.

    ``distance`` is in links from where the chain starts; ``levels`` are the slugs of where it arises;
    ``loop`` numbers the loop it is in, if any, from 1.
    """

    thing: Thing
    distance: int
    type: str
    levels: Sequence[str]
    status: str
    root: bool
    leaf: bool
    loop: int | None
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True)
class Chain:
    """Barriers and the steps between them, fit for export."""

    nodes: Sequence[Node]
    steps: Sequence[Step]
    version: str


def chain_of(
    index: ChainIndex,
    distance: Mapping[int, int],
    steps: Sequence[Step],
    loops: Sequence[Sequence[int]],
    ways: tuple[Onward, Onward],
) -> Chain:
    """The chain of some barriers, given with their distance, and the steps between them.

    ``ways`` are the moves towards causes and towards effects.
    """
    back, on = ways
    loop_of = {barrier: n for n, group in enumerate(loops, 1) for barrier in group}

    def node(barrier: int, far: int) -> Node:
        thing, traits = index.barrier(barrier), index.traits(barrier)
        return Node(
            thing, far, traits.type, traits.arises, traits.status,
            root=not back(barrier), leaf=not on(barrier), loop=loop_of.get(barrier),
            sources=index.sources(thing.iri),
        )  # fmt: skip

    return Chain([node(barrier, far) for barrier, far in distance.items()], steps, index.version)


def loops_of(index: ChainIndex, barriers: Iterable[int], links: Iterable[int]) -> list[list[int]]:
    """The loops of a sub-graph: barriers that lead to one another, each loop in order of number."""
    graph: rx.PyDiGraph[int, None] = rx.PyDiGraph()
    place = {barrier: graph.add_node(barrier) for barrier in barriers}
    net = index.net
    for link in links:
        cause, effect = int(net.cause[link]), int(net.effect[link])
        if cause in place and effect in place:
            graph.add_edge(place[cause], place[effect], None)
    found = rx.strongly_connected_components(graph)
    return sorted(sorted(graph[n] for n in group) for group in found if len(group) > 1)
