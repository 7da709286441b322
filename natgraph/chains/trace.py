"""Tracing a chain: what lies behind a barrier or follows from it, and along which paths."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain as joined
from itertools import islice

from natgraph.chains.chain import Chain, chain_of, loops_of
from natgraph.chains.index import ChainIndex
from natgraph.chains.things import CAUSAL, KINDS, Bound, Direction, How, Kind, Source, Step, Text, Thing
from natgraph.chains.walk import Onward, Reached, Walk, Way, onward, reach, simple_paths

BARRIERS, PATHS = 1_000, 200
"""How many barriers and paths a trace gives unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Path:
    """A simple path, from cause to effect.

    ``weakest`` is its least founded step: derived before stated, contradicted before not, with few sources
    before many. ``levels`` are the levels it crosses, in order. ``closing`` are steps that lead back onto it,
    so there it is a loop; ``cut`` says that it would go on but for the depth.
    """

    barriers: Sequence[Thing]
    steps: Sequence[Step]
    weakest: Step | None
    derived: int
    levels: Sequence[str]
    sources: Sequence[Source]
    closing: Sequence[Step]
    cut: bool


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ends: one barrier, or a loop that nothing leads into (or out of)."""

    barriers: Sequence[Thing]
    loop: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """Barriers that lead to one another, with the steps between them."""

    barriers: Sequence[Thing]
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Trace:
    """A chain from a barrier, with its ends, paths and loops.

    ``refuted`` are links between its barriers that were shown to be wrong: knowledge, but not followed.
    ``bounds`` names every limit that was met; what is given is then a part.
    """

    start: Thing
    direction: Direction
    depth: int | None
    relations: Sequence[Kind]
    stated_only: bool
    chain: Chain
    roots: Sequence[End]
    leaves: Sequence[End]
    paths: Sequence[Path]
    loops: Sequence[Loop]
    refuted: Sequence[Step]
    bounds: Sequence[Bound]
    how: How


def trace(
    index: ChainIndex,
    barrier: str,
    direction: Direction = "causes",
    *,
    depth: int | None = None,
    relations: Collection[Kind] = CAUSAL,
    stated_only: bool = False,
    max_barriers: int = BARRIERS,
    max_paths: int = PATHS,
) -> Trace:
    """The chain from a barrier (IRI or slug) towards its causes, its effects, or both.

    ``depth`` counts links. ``relations`` are followed; part-of is no cause and is followed, from the part to
    the whole, only if it is named, as a step of its own kind. ``stated_only`` leaves out what editors
    concluded. Refuted links are never followed. Raises NotFound.
    """
    start = index.number(barrier)
    ways: list[Way] = ["causes", "effects"] if direction == "both" else [direction]
    moves = {w: onward(index.net, w, relations, stated_only=stated_only) for w in ("causes", "effects")}
    found = [reach([start], moves[way], depth, max_barriers) for way in ways]
    walks = list(
        islice(joined.from_iterable(simple_paths(start, moves[way], depth) for way in ways), max_paths + 1)
    )
    return _Tracer(index, start, moves["causes"], moves["effects"]).trace(
        found, walks[:max_paths], _bounds(found, depth, max_barriers, max_paths, len(walks)),
        (direction, depth, tuple(k for k in KINDS if k in set(relations)), stated_only),
    )  # fmt: skip


def _bounds(
    found: Sequence[Reached], depth: int | None, barriers: int, paths: int, walked: int
) -> list[Bound]:
    met = []
    if depth is not None and any(part.cut for part in found if not part.full):
        met.append(Bound(Text("djup i led", "depth in links"), depth))
    if any(part.full for part in found):
        met.append(Bound(Text("antal hinder", "number of barriers"), barriers))
    if walked > paths:
        met.append(Bound(Text("antal vägar", "number of paths"), paths))
    return met


class _Tracer:
    """Makes things of numbers; each step once."""

    def __init__(self, index: ChainIndex, start: int, back: Onward, on: Onward) -> None:
        self._index = index
        self._start = start
        self._back = back
        self._on = on
        self._steps: dict[int, Step] = {}

    def trace(
        self,
        found: Sequence[Reached],
        walks: Sequence[Walk],
        bounds: Sequence[Bound],
        asked: tuple[Direction, int | None, tuple[Kind, ...], bool],
    ) -> Trace:
        distance: dict[int, int] = {}
        for part in found:
            distance.update({b: d for b, d in part.distance.items() if b not in distance})
        links = sorted(dict.fromkeys(link for part in found for link in part.links))
        groups = loops_of(self._index, distance, links)
        direction, depth, relations, stated_only = asked
        steps = [self._step(link) for link in links]
        return Trace(
            self._index.barrier(self._start), direction, depth, relations, stated_only,
            chain=chain_of(self._index, distance, steps, groups, (self._back, self._on)),
            roots=self._ends(distance, groups, self._back),
            leaves=self._ends(distance, groups, self._on),
            paths=[self._path(walk) for walk in walks],
            loops=[self._loop(group, links) for group in groups],
            refuted=[self._step(link) for link in self._refuted(distance)],
            bounds=bounds,
            how=self._index.how(_SV, _EN),
        )  # fmt: skip

    def _step(self, link: int) -> Step:
        if link not in self._steps:
            self._steps[link] = self._index.step(link)
        return self._steps[link]

    def _ends(self, distance: dict[int, int], groups: Sequence[Sequence[int]], moves: Onward) -> list[End]:
        """Barriers with no move, and loops whose every move stays inside."""
        single = [[barrier] for barrier in distance if not moves(barrier)]
        closed = [g for g in groups if all(move.to in set(g) for b in g for move in moves(b))]
        return [End([self._index.barrier(b) for b in end], loop=len(end) > 1) for end in (*single, *closed)]

    def _loop(self, group: Sequence[int], links: Iterable[int]) -> Loop:
        net, inside = self._index.net, set(group)
        within = [n for n in links if net.cause[n] in inside and net.effect[n] in inside]
        return Loop([self._index.barrier(b) for b in group], [self._step(n) for n in within])

    def _refuted(self, distance: dict[int, int]) -> list[int]:
        net = self._index.net
        return [
            link
            for barrier in distance
            for link in net.into(barrier)
            if net.refuted[link] and int(net.cause[link]) in distance
        ]

    def _path(self, walk: Walk) -> Path:
        steps = [self._step(link) for link in walk.links]
        if steps and steps[0].effect.iri == self._index.net.barriers[self._start]:
            steps.reverse()
        barriers = (
            [steps[0].cause, *(s.effect for s in steps)] if steps else [self._index.barrier(self._start)]
        )
        return Path(
            barriers, steps,
            weakest=min(steps, key=lambda s: s.strength, default=None),
            derived=sum(not s.stated for s in steps),
            levels=_crossed(self._index, barriers),
            sources=tuple(dict.fromkeys(source for s in steps for source in s.sources)),
            closing=[self._step(link) for link in walk.closing],
            cut=walk.cut,
        )  # fmt: skip


def _crossed(index: ChainIndex, barriers: Sequence[Thing]) -> list[str]:
    """The levels at which the barriers of a path arise, each change once."""
    levels: list[str] = []
    for barrier in barriers:
        traits = index.facts.traits.get(barrier.iri)
        for level in traits.arises[:1] if traits else ():
            if levels[-1:] != [level]:
                levels.append(level)
    return levels


_SV = (
    "Bredden först från hindret längs de valda sambanden; motbevisade samband följs inte. En rot har ingen"
    " orsak bland dem, eller är en slinga som inget leder in i."
)
_EN = (
    "Breadth first from the barrier along the chosen relations; refuted links are not followed. A root has no"
    " cause among them, or is a loop that nothing leads into."
)
