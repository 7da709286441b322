"""How much each root of a large graph reaches, exactly, by sets of bits.

Loops are condensed first. Then every node gets a row of bits, one a root, which is the union of the rows of
the nodes that lead to it. Rows are made for a block of roots at a time, only where the block reaches.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import rustworkx as rx

Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]
_WORDS = 32
_ROWS = 4096


@dataclass(frozen=True, eq=False)
class Layered:
    """A graph without loops, in layers: ``home`` is the condensed node of each node.

    Edges are sorted by the layer of their target, then by target; ``cuts`` are where the layers begin.
    """

    home: Ints
    size: int
    source: Ints
    target: Ints
    cuts: Ints
    roots: Ints


def layered(size: int, source: Ints, target: Ints) -> Layered:
    """The condensation of a graph, in layers."""
    home, groups = _homes(size, source, target)
    pairs = np.unique(home[source] * groups + home[target])
    start, end = pairs // groups, pairs % groups
    start, end = start[start != end], end[start != end]
    layer = _layers(groups, start, end)
    order = np.lexsort((end, layer[end]))
    start, end = start[order], end[order]
    cuts = np.flatnonzero(np.diff(layer[end], prepend=-1, append=groups + 1))
    roots = np.flatnonzero((layer == 0) & (np.bincount(start, minlength=groups) > 0))
    return Layered(home, groups, start, end, cuts, roots)


def totals(
    graph: Layered, roots: Ints, measures: Sequence[npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    """For each root (condensed node) and measure the sum over all that it reaches, itself included.

    A measure gives each condensed node its amount.
    """
    found = np.zeros((len(roots), len(measures)))
    rows: Bits = np.zeros((graph.size, _WORDS), np.uint64)
    for start in range(0, len(roots), _WORDS * 64):
        block = roots[start : start + _WORDS * 64]
        active = _passed_down(graph, block, rows)
        for number, amounts in enumerate(measures):
            found[start : start + len(block), number] = _summed(rows, active, amounts)[: len(block)]
    return found


def _homes(size: int, source: Ints, target: Ints) -> tuple[Ints, int]:
    graph: rx.PyDiGraph[None, None] = rx.PyDiGraph(node_count_hint=size, edge_count_hint=len(source))
    graph.add_nodes_from([None] * size)
    for part in np.array_split(np.arange(len(source)), max(1, len(source) // 200_000)):
        graph.extend_from_edge_list(list(zip(source[part].tolist(), target[part].tolist(), strict=True)))
    groups = rx.strongly_connected_components(graph)
    lengths = np.fromiter(map(len, groups), np.int64, len(groups))
    home = np.empty(size, np.int64)
    members = np.fromiter((node for group in groups for node in group), np.int64, size)
    home[members] = np.repeat(np.arange(len(groups)), lengths)
    return home, len(groups)


def _layers(size: int, source: Ints, target: Ints) -> Ints:
    """The longest way to each node from any root, in links."""
    order = np.argsort(source, kind="stable")
    after, first = target[order], np.searchsorted(source[order], np.arange(size + 1))
    waiting = np.bincount(target, minlength=size)
    layer = np.zeros(size, np.int64)
    front, number = np.flatnonzero(waiting == 0), 0
    while len(front):
        layer[front] = number
        number += 1
        reached = after[_ranges(first[front], first[front + 1])]
        np.subtract.at(waiting, reached, 1)
        front = np.unique(reached[waiting[reached] == 0])
    return layer


def _ranges(first: Ints, last: Ints) -> Ints:
    """All numbers of some ranges, one after the other."""
    lengths = last - first
    ends = np.cumsum(lengths)
    found: Ints = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - lengths), lengths)
    return found


def _passed_down(graph: Layered, block: Ints, rows: Bits) -> Ints:
    """Fill the rows of all nodes that a block of roots reaches; the numbers of these nodes."""
    active = np.zeros(graph.size, bool)
    active[block] = True
    rows[block] = 0
    place = np.arange(len(block))
    rows[block, place // 64] = np.uint64(1) << (place % 64).astype(np.uint64)
    for start, end in zip(graph.cuts[:-1], graph.cuts[1:], strict=True):
        live = np.flatnonzero(active[graph.source[start:end]]) + start
        if len(live):
            target = graph.target[live]
            begins = np.flatnonzero(np.diff(target, prepend=-1))
            rows[target[begins]] = np.bitwise_or.reduceat(rows[graph.source[live]], begins, axis=0)
            active[target[begins]] = True
    return np.flatnonzero(active)


def _summed(rows: Bits, active: Ints, amounts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """For each bit the sum of amounts over the rows in which it is set."""
    total = np.zeros(rows.shape[1] * 64)
    given = amounts[active]
    for part in _parts(active[given == 1]):
        total += column_counts(rows[part])
    for part in _parts(active[(given != 1) & (given != 0)]):
        total += amounts[part] @ _unpacked(rows[part])
    return total


def _parts(numbers: Ints) -> Iterator[Ints]:
    return (numbers[start : start + _ROWS] for start in range(0, len(numbers), _ROWS))


def column_counts(rows: Bits) -> Ints:
    """How many rows have each bit set: rows of equal weight are added up three at a time, bit by bit."""
    total = np.zeros(rows.shape[1] * 64, np.int64)
    weight = 1
    while len(rows):
        carried = []
        while third := len(rows) // 3:
            one, two, three, rest = np.split(rows, [third, 2 * third, 3 * third])
            either = one ^ two
            carried.append((one & two) | (three & either))
            rows = np.concatenate((either ^ three, rest))
        total += weight * _unpacked(rows).sum(axis=0, dtype=np.int64)
        rows = np.concatenate(carried) if carried else rows[:0]
        weight *= 2
    return total


def _unpacked(rows: Bits) -> npt.NDArray[np.uint8]:
    return np.unpackbits(rows.astype("<u8").view(np.uint8), axis=1, bitorder="little")
