"""A chain as a tree: from a barrier to its roots, or to what it leads to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from natgraph.chains.network import CAUSAL, Claim, Network

Direction = Literal["causes", "effects"]


@dataclass(frozen=True)
class Branch:
    """A barrier in the tree and the claim that led to it (none at the start).

    ``loop``: the barrier stands already between here and the start, so the chain closes on itself.
    ``repeated``: it is drawn in full elsewhere in the tree.
    """

    barrier: str
    claim: Claim | None
    branches: Sequence["Branch"] = field(default_factory=tuple)
    loop: bool = False
    repeated: bool = False

    @property
    def is_end(self) -> bool:
        """Whether the chain ends here: a root (or, towards effects, a last effect)."""
        return not (self.branches or self.loop or self.repeated)


def grow(network: Network, start: str, direction: Direction = "causes") -> Branch:
    """The tree of causal claims from a barrier (IRI); each barrier is drawn in full once."""
    steps: dict[str, list[Claim]] = defaultdict(list)
    for claim in network.claims:
        if claim.kind in CAUSAL:
            steps[claim.effect if direction == "causes" else claim.cause].append(claim)
    return _Grower(direction, steps).branch(start, None, ())


@dataclass
class _Grower:
    """Walks depth first, stated claims first, and remembers what is drawn."""

    direction: Direction
    steps: Mapping[str, Sequence[Claim]]
    drawn: set[str] = field(default_factory=set)

    def branch(self, barrier: str, claim: Claim | None, path: tuple[str, ...]) -> Branch:
        if barrier in path:
            return Branch(barrier, claim, loop=True)
        onwards = self.steps.get(barrier, ())
        if barrier in self.drawn:
            return Branch(barrier, claim, repeated=bool(onwards))
        self.drawn.add(barrier)
        below = [
            self.branch(self._next(step), step, (*path, barrier))
            for step in sorted(onwards, key=lambda c: (not c.stated, c.iri))
        ]
        return Branch(barrier, claim, tuple(below))

    def _next(self, claim: Claim) -> str:
        return claim.cause if self.direction == "causes" else claim.effect
