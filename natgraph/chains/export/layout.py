"""Where boxes and lines go: layers from causes down to effects, by a library for layered layouts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fast_sugiyama import from_edges

Point = tuple[float, float]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in cells: x to the right, y downwards.

    ``bends`` are the points that a line from a to b passes.
    """

    width: float
    height: float
    points: Mapping[int, Point]
    bends: Mapping[Pair, Sequence[Point]]


def layout(size: int, edges: Iterable[Pair]) -> Layout:
    """The layout of nodes numbered from 0: parts that hang together side by side, single nodes after them."""
    pairs = list(dict.fromkeys(edge for edge in edges if edge[0] != edge[1]))
    points: dict[int, Point] = {}
    bends: dict[Pair, Sequence[Point]] = {}
    width, height = 0.0, 0.0
    drawn = from_edges(pairs, vertex_spacing=1, dummy_vertices=True, dummy_size=0.5) if pairs else []
    for part, wide, high, segments in drawn:
        drawn_pairs = [(int(one), int(other)) for one, other in segments or ()]
        here = {int(node): (x + width, high - y) for node, (x, y) in part}
        bends |= {pair: [here[n] for n in way] for pair, way in _ways(drawn_pairs, size)}
        points |= {node: point for node, point in here.items() if node < size}
        width, height = width + wide + 1, max(height, high)
    for node in range(size):
        if node not in points:
            points[node] = (width, 0.0)
            width += 1
    return Layout(max(width - 1, 0.0), height, points, bends)


def _ways(segments: Iterable[Pair], size: int) -> Iterator[tuple[Pair, list[int]]]:
    """For each line that is bent, in both directions, the helper nodes (numbered from ``size``) it passes."""
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in segments:
        beside[one].append(other)
        beside[other].append(one)
    for start in [node for node in beside if node < size]:
        for first in beside[start]:
            way, before, here = [], start, first
            while here >= size:
                way.append(here)
                before, here = here, next(n for n in beside[here] if n != before)
            if way:
                yield (start, here), way
