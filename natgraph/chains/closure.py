"""What each node of a small graph reaches, as the bits of a whole number."""

from collections.abc import Iterable, Iterator, Sequence

import rustworkx as rx

Edge = tuple[int, int]


def closure(size: int, edges: Iterable[Edge]) -> list[int]:
    """For each node the nodes it reaches, itself included: bit n is set if it reaches node n.

    Nodes of a loop reach the same.
    """
    after: list[list[int]] = [[] for _ in range(size)]
    for source, target in edges:
        after[source].append(target)
    reached = [0] * size
    for group in components(size, edges):
        bits = sum(1 << node for node in group)
        for node in group:
            for target in after[node]:
                bits |= reached[target]
        for node in group:
            reached[node] = bits
    return reached


def components(size: int, edges: Iterable[Edge]) -> list[list[int]]:
    """The loops and single nodes, each after all that it leads to."""
    graph: rx.PyDiGraph[None, None] = rx.PyDiGraph()
    graph.add_nodes_from([None] * size)
    graph.extend_from_edge_list(list(edges))
    groups = [list(group) for group in rx.strongly_connected_components(graph)]
    home = {node: n for n, group in enumerate(groups) for node in group}
    condensed: rx.PyDiGraph[None, None] = rx.PyDiGraph()
    condensed.add_nodes_from([None] * len(groups))
    condensed.extend_from_edge_list([(home[s], home[t]) for s, t in graph.edge_list() if home[s] != home[t]])
    return [groups[n] for n in reversed(rx.topological_sort(condensed))]


def ones(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set.

    >>> list(ones(0b1010))
    [1, 3]
    """
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def transposed(reached: Sequence[int]) -> list[int]:
    """For each node the nodes that reach it."""
    back = [0] * len(reached)
    for node, bits in enumerate(reached):
        for target in ones(bits):
            back[target] |= 1 << node
    return back
