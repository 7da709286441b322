"""Walking the net from a barrier: what is reached within a depth, and along which simple paths."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from natgraph.chains.net import Net
from natgraph.chains.things import KINDS, Kind

Way = Literal["causes", "effects"]


class Move(NamedTuple):
    """A link taken, and the barrier it leads to."""

    link: int
    to: int


Onward = Callable[[int], list[Move]]
"""The moves from a barrier, stated ones first."""


class Walk(NamedTuple):
    """A simple path that goes no further.

    ``closing`` are links that lead back onto it; ``cut`` says that it would go on but for the depth.
    """

    links: tuple[int, ...]
    closing: tuple[int, ...]
    cut: bool


@dataclass(frozen=True)
class Reached:
    """What was reached: barriers with their distance, nearest first, and the links taken.

    ``via``: the link by which a barrier was first reached, stated ones first.
    ``cut``: barriers at the depth from which more would follow; ``full``: the limit of barriers was met.
    """

    distance: dict[int, int]
    links: list[int]
    via: dict[int, int]
    cut: list[int]
    full: bool


def onward(net: Net, way: Way, relations: Iterable[Kind], *, stated_only: bool) -> Onward:
    """The moves towards causes or towards effects along links that a chain follows."""
    kinds = {KINDS.index(kind) for kind in relations}

    def follows(link: int) -> bool:
        return net.kind[link] in kinds and not net.refuted[link] and (net.stated[link] or not stated_only)

    def moves(barrier: int) -> list[Move]:
        edges = net.graph.in_edges(barrier) if way == "causes" else net.graph.out_edges(barrier)
        to = 0 if way == "causes" else 1
        found = [Move(edge[2], edge[to]) for edge in edges if follows(edge[2])]
        return sorted(found, key=lambda move: (not net.stated[move.link], move.link))

    return moves


def reach(start: Iterable[int], moves: Onward, depth: int | None = None, limit: int | None = None) -> Reached:
    """Breadth first from some barriers, to a depth (in links) and up to a number of barriers."""
    distance = dict.fromkeys(start, 0)
    links: list[int] = []
    via: dict[int, int] = {}
    edge, steps = list(distance), 0
    while edge and (depth is None or steps < depth):
        steps += 1
        new: list[int] = []
        for barrier in edge:
            for move in moves(barrier):
                if move.to not in distance:
                    if limit is not None and len(distance) >= limit:
                        return Reached(distance, links, via, [*edge, *new], full=True)
                    distance[move.to] = steps
                    via[move.to] = move.link
                    new.append(move.to)
                links.append(move.link)
        edge = new
    cut = [barrier for barrier in edge if moves(barrier)]
    return Reached(distance, links, via, cut, full=False)


@dataclass
class _Stop:
    """A barrier on the path being walked."""

    barrier: int
    closing: tuple[int, ...]
    cut: bool
    left: Iterator[Move] = field(default_factory=lambda: iter(()))
    moved: bool = False


def simple_paths(start: int, moves: Onward, depth: int | None = None) -> Iterator[Walk]:
    """Every simple path from a barrier that goes no further, one at a time so that a reader can stop.

    It ends in a root (or last effect), where every move leads back onto it, or at the depth.
    """
    links: list[int] = []
    stops = [_stop(start, set(), moves, depth, 0)]
    on_path = {start}
    while stops:
        stop = stops[-1]
        move = next(stop.left, None)
        if move is not None:
            stop.moved = True
            links.append(move.link)
            stops.append(_stop(move.to, on_path, moves, depth, len(stops)))
            on_path.add(move.to)
            continue
        if not stop.moved:
            yield Walk(tuple(links), stop.closing, stop.cut)
        on_path.discard(stop.barrier)
        stops.pop()
        if links:
            links.pop()


def _stop(barrier: int, on_path: set[int], moves: Onward, depth: int | None, steps: int) -> _Stop:
    found = moves(barrier)
    if depth is not None and steps >= depth:
        return _Stop(barrier, (), cut=bool(found))
    away = [move for move in found if move.to not in on_path]
    closing = tuple(move.link for move in found if move.to in on_path)
    return _Stop(barrier, closing, cut=False, left=iter(away))
