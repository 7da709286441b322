"""The ranks of roots in a large graph, counted without a set for every barrier."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from natgraph.chains.counting import Layered, layered, totals
from natgraph.chains.index import ChainIndex
from natgraph.chains.ranking import Ranked
from natgraph.chains.reaching import MEASURES, Measure, amounts_of, beside

Ints = npt.NDArray[np.int64]


def counted(index: ChainIndex, barriers: Ints, links: Ints, by: Measure) -> list[Ranked]:
    """The roots of some barriers and links, those that reach most first, as ``ranked`` gives them."""
    place = np.full(len(index.net.barriers), -1, np.int64)
    place[barriers] = np.arange(len(barriers))
    pairs, nodes = beside(index, _places(barriers))
    aside = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    source = np.concatenate((place[index.net.cause[links]], aside[:, 0]))
    target = np.concatenate((place[index.net.effect[links]], aside[:, 1]))
    graph = layered(len(barriers) + len(nodes), source, target)
    own = np.bincount(graph.home[: len(barriers)], minlength=graph.size).astype(float)
    amounts = amounts_of(index.facts, nodes)
    columns = [own, *(_column(graph, amounts[measure]) for measure in MEASURES[1:])]
    sums = totals(graph, graph.roots, columns)
    sums[:, 0] -= own[graph.roots]
    kept = np.flatnonzero(sums[:, 0] > 0)
    return _ranked(graph, graph.roots[kept], sums[kept], len(barriers), by)


def _places(barriers: Ints) -> dict[int, int]:
    return {int(barrier): n for n, barrier in enumerate(barriers)}


def _column(graph: Layered, amounts: Mapping[int, float]) -> npt.NDArray[np.float64]:
    column = np.zeros(graph.size)
    for node, amount in amounts.items():
        column[graph.home[node]] += amount
    return column


def _ranked(
    graph: Layered, roots: Ints, sums: npt.NDArray[np.float64], barriers: int, by: Measure
) -> list[Ranked]:
    members: dict[int, list[int]] = {int(root): [] for root in roots}
    for node in np.flatnonzero(np.isin(graph.home[:barriers], roots)):
        members[int(graph.home[node])].append(int(node))
    values = sums[:, MEASURES.index(by)]
    descending = np.sort(-values)
    ranks = 1 + np.searchsorted(descending, -values, side="left")
    rows = zip(members.values(), ranks.tolist(), sums.tolist(), strict=True)
    found = [Ranked(tuple(own), rank, dict(zip(MEASURES, row, strict=True))) for own, rank, row in rows]
    return sorted(found, key=lambda root: (root.rank, -root.reach["barriers"], root.members))
