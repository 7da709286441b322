"""Roots by how much they reach."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from natgraph.chains.closure import Edge, closure, components, ones
from natgraph.chains.reaching import Measure, Measured


@dataclass(frozen=True, slots=True)
class Ranked:
    """A root (a barrier, or the barriers of a loop, renumbered), its rank and what it reaches."""

    members: tuple[int, ...]
    rank: int
    reach: Mapping[Measure, float]


def ranked(graph: Measured, links: Iterable[int], by: Measure) -> list[Ranked]:
    """The roots that lead to something, those that reach most first; equal reach, equal rank."""
    sets = reached_sets(graph, links)
    found = [(members, reach_of(graph, sets, members)) for members in roots(graph, links)]
    found.sort(key=lambda root: (-root[1][by], -root[1]["barriers"], root[0]))
    values = [reach[by] for _, reach in found]
    return [Ranked(members, 1 + values.index(reach[by]), reach) for members, reach in found]


def reached_sets(graph: Measured, links: Iterable[int]) -> list[int]:
    """What each node reaches along some of the links."""
    return closure(graph.size, _edges(graph, links))


def roots(graph: Measured, links: Iterable[int]) -> list[tuple[int, ...]]:
    """Barriers, and loops, that nothing leads into and that lead to something."""
    edges = [graph.links[link] for link in links]
    groups = components(len(graph.barriers), edges)
    home = {node: n for n, group in enumerate(groups) for node in group}
    into = {home[t] for s, t in edges if home[s] != home[t]}
    out = {home[s] for s, t in edges if home[s] != home[t]}
    return [tuple(sorted(groups[n])) for n in out - into]


def reach_of(graph: Measured, sets: Sequence[int], members: Sequence[int]) -> dict[Measure, float]:
    """What a root reaches, by measure; barriers without its own."""
    bits = 0
    for member in members:
        bits |= sets[member]
    reach = {
        m: sum(amounts.get(n, 0.0) for n in ones(bits & mask_of(amounts)))
        for m, amounts in graph.amounts.items()
    }
    reach["barriers"] -= len(members)
    return reach


def mask_of(amounts: Mapping[int, float]) -> int:
    """The nodes that count, as bits."""
    mask = 0
    for node in amounts:
        mask |= 1 << node
    return mask


def _edges(graph: Measured, links: Iterable[int]) -> list[Edge]:
    return [*(graph.links[link] for link in links), *graph.beside]
