"""A chain as a tree: from a barrier to its roots, or to what it leads to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from natgraph.chains.index import ChainIndex
from natgraph.chains.things import CAUSAL, Kind, Step, Thing
from natgraph.chains.walk import Move, Onward, Way, onward


@dataclass(frozen=True)
class Branch:
    """A barrier in the tree and the step that led to it (none at the start).

    ``loop``: the barrier stands already between here and the start, so the chain closes on itself.
    ``repeated``: it is drawn in full elsewhere in the tree. ``cut``: more follows beyond the depth.
    """

    barrier: Thing
    step: Step | None
    branches: Sequence["Branch"] = field(default_factory=tuple)
    loop: bool = False
    repeated: bool = False
    cut: bool = False

    @property
    def is_end(self) -> bool:
        """Whether the chain ends here: a root (or, towards effects, a last effect)."""
        return not (self.branches or self.loop or self.repeated or self.cut)


def grow(
    index: ChainIndex,
    barrier: str,
    way: Way = "causes",
    *,
    depth: int | None = None,
    relations: Collection[Kind] = CAUSAL,
    stated_only: bool = False,
) -> Branch:
    """The tree of steps from a barrier (IRI or slug), so many links deep; each barrier is drawn in full once.

    Raises NotFound with near matches.
    """
    moves = onward(index.net, way, relations, stated_only=stated_only)
    return _Grower(index, moves, depth).branch(Move(-1, index.number(barrier)), ())


@dataclass
class _Grower:
    """Walks depth first, stated steps first, and remembers what is drawn."""

    index: ChainIndex
    moves: Onward
    depth: int | None = None
    drawn: set[int] = field(default_factory=set)

    def branch(self, move: Move, path: tuple[int, ...]) -> Branch:
        thing = self.index.barrier(move.to)
        step = self.index.step(move.link) if path else None
        if move.to in path:
            return Branch(thing, step, loop=True)
        further = self.moves(move.to)
        if move.to in self.drawn:
            return Branch(thing, step, repeated=bool(further))
        if further and len(path) == self.depth:
            return Branch(thing, step, cut=True)
        self.drawn.add(move.to)
        return Branch(thing, step, tuple(self.branch(m, (*path, move.to)) for m in further))
