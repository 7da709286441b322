"""The smallest change that surely opens a barrier: minimal hitting sets of what keeps it standing.

A set of removed things opens the goal if, by ``natgraph.chains.standing``, it surely opens. Every set that
does so hits each *support*, a least set of things that, left alone, keeps the goal standing. Supports are not
listed beforehand, for there can be very many: the least set that hits those known so far is tried, and if the
goal still stands, a new support is found in what was left. So the first set that opens is a smallest one (the
implicit hitting set approach; the hitting sets come from a MaxSAT solver: A. Ignatiev, A. Morgado, J.
Marques-Silva, PySAT, SAT 2018, doi 10.1007/978-3-319-94144-8_26).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pysat.examples.hitman import Hitman

from natgraph.chains.change import change_of
from natgraph.chains.index import ChainIndex
from natgraph.chains.standing import Removed, Standing, spread
from natgraph.chains.things import CAUSAL, Bound, How, Kind, Text, Thing, local, type_of
from natgraph.chains.walk import onward, reach

LEVELS = ("local", "regional", "national", "eu")
"""The levels of government, from the nearest to the farthest."""
SETS, ROUNDS = 20, 2_000


@dataclass(frozen=True, slots=True)
class Removable:
    """A thing that can be taken away, by whom, and at which level they act (slug; empty if not known)."""

    thing: Thing
    level: str
    by: Sequence[Thing]


@dataclass(frozen=True, slots=True)
class Smallest:
    """One smallest change, and what it costs: who must act at which level."""

    removed: Sequence[Removable]
    cost: int
    levels: Sequence[str]
    actors: Sequence[Thing]


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """All changes of the least cost that surely open the goal, those at the nearest levels first.

    With none, ``why`` says so, and ``holding`` are things that keep the goal up and are not removable.
    ``bounds`` names a limit that was met: then there may be more, or none was found in time.
    """

    goal: Thing
    removable: int
    changes: Sequence[Smallest]
    holding: Sequence[Thing]
    why: Text | None
    bounds: Sequence[Bound]
    how: How


def smallest_change(
    index: ChainIndex,
    goal: str,
    *,
    removable: Collection[str] | None = None,
    anyone: bool = False,
    prices: Mapping[str, int] | None = None,
    relations: Collection[Kind] = CAUSAL,
    stated_only: bool = False,
    max_sets: int = SETS,
    max_rounds: int = ROUNDS,
) -> SmallestChange:
    """The smallest sets of removable things that surely open a barrier (IRI or slug), all of the least cost.

    Removable are what ``removable`` names (barriers, acts, provisions; IRIs or slugs), else the barriers
    behind the goal that a known actor can remove and the law that they rest on; with ``anyone`` every barrier
    behind it. The goal itself never is. ``prices`` gives a whole price from 1 for acting at a level (slug),
    so that the cheapest sets are sought; without it each thing costs 1, so that the fewest are. Raises
    NotFound.
    """
    number = index.number(goal)
    standing = Standing(index, frozenset(relations), stated_only)
    behind = reach([number], onward(index.net, "causes", relations, stated_only=stated_only)).distance
    if removable is None:
        things = _things(index, [b for b in behind if b != number and b not in standing.gone], anyone=anyone)
    else:
        named = [thing.iri for thing in change_of(index, removable).things]
        things = [_removable(index, iri) for iri in named if iri != index.net.barriers[number]]
    search = _Search(standing, number, {t.thing.iri: t for t in things}, prices or {}, max_rounds)
    found = list(search.sets(max_sets + 1))
    met = []
    if len(found) > max_sets:
        met.append(Bound(Text("antal mängder", "number of sets"), max_sets))
    if search.stopped:
        met.append(Bound(Text("antal försök", "number of attempts"), max_rounds))
    return SmallestChange(
        index.barrier(number), len(things), sorted(found[:max_sets], key=_rank),
        search.holding(behind) if not found and not search.stopped else [],
        None if found or search.stopped else Text(*_NONE), met, index.how(_SV, _EN),
    )  # fmt: skip


class _Search:
    """Tries hitting sets of the supports known so far."""

    def __init__(
        self,
        standing: Standing,
        goal: int,
        things: Mapping[str, Removable],
        prices: Mapping[str, int],
        rounds: int,
    ) -> None:
        self._standing = standing
        self._goal = goal
        self._things = things
        self._price = {iri: max(1, prices.get(t.level, 1)) for iri, t in things.items()}
        self._rounds = rounds
        self._parts = {iri: change_of(standing.index, [iri]).removed for iri in things}
        self.stopped = False

    def opens(self, removed: Collection[str]) -> bool:
        """Whether the goal surely opens without these things."""
        parts = [self._parts[iri] for iri in removed]
        whole = Removed(
            frozenset().union(*(p.barriers for p in parts)),
            frozenset().union(*(p.links for p in parts)),
            frozenset().union(*(p.laws for p in parts)),
        )
        return self._goal in spread(self._standing, whole)

    def sets(self, limit: int) -> Iterator[Smallest]:
        """All sets of the least cost, up to a limit."""
        if not self._things or not self.opens(self._things):
            return
        first = self._support(set())
        with Hitman(bootstrap_with=[first], weights=self._weights(), htype="sorted") as solver:
            cost, given = None, 0
            for _ in range(self._rounds):
                candidate = solver.get()
                if candidate is None or (cost is not None and self._cost(candidate) > cost):
                    return
                if not self.opens(candidate):
                    solver.hit(self._support(set(candidate)))
                    continue
                cost, given = self._cost(candidate), given + 1
                yield self._smallest(candidate, cost)
                if given == limit:
                    return
                solver.block(candidate)
        self.stopped = True

    def holding(self, behind: Collection[int]) -> list[Thing]:
        """What still stands behind the goal, and itself rests on nothing, when all that is removable goes."""
        index = self._standing.index
        parts = self._parts.values()
        whole = Removed(
            frozenset().union(*(p.barriers for p in parts)),
            frozenset(),
            frozenset().union(*(p.laws for p in parts)),
        )
        gone = spread(self._standing, whole) | whole.barriers | self._standing.gone
        return [
            index.barrier(b) for b in behind if b not in gone and b != self._goal and self._is_base(b, gone)
        ]

    def _is_base(self, barrier: int, gone: Collection[int]) -> bool:
        cause = self._standing.index.net.cause
        links = [n for g in self._standing.grounds(barrier) for n in g.links]
        return all(int(cause[n]) in gone for n in links)

    def _support(self, removed: Collection[str]) -> list[str]:
        """A least set of things outside ``removed`` that keep the goal up.

        If all else went, it would still stand.
        """
        kept = [iri for iri in self._things if iri not in removed]
        for iri in list(kept):
            without = [other for other in kept if other != iri]
            if not self.opens([i for i in self._things if i not in without]):
                kept = without
        return kept

    def _weights(self) -> dict[str, int] | None:
        return self._price if len(set(self._price.values())) > 1 else None

    def _cost(self, removed: Collection[str]) -> int:
        return sum(self._price[iri] for iri in removed)

    def _smallest(self, removed: Collection[str], cost: int) -> Smallest:
        things = [self._things[iri] for iri in sorted(removed)]
        levels = sorted({t.level for t in things}, key=_place)
        actors = dict.fromkeys(actor for t in things for actor in t.by)
        return Smallest(things, cost, levels, tuple(actors))


def _things(index: ChainIndex, behind: Sequence[int], *, anyone: bool) -> list[Removable]:
    """What can be taken away behind a goal: barriers that someone can remove, and the law they rest on."""
    barriers = [_removable(index, index.net.barriers[b]) for b in behind]
    laws = {law for b in behind for law in index.facts.related("groundedIn", index.net.barriers[b])}
    return [t for t in barriers if anyone or t.by] + [_removable(index, law) for law in sorted(laws)]


def _removable(index: ChainIndex, iri: str) -> Removable:
    """A thing with the level at which it would be removed: where a barrier arises, who adopted a law."""
    facts = index.facts
    if type_of(iri).startswith("legal-"):
        level = next((local(level) for level in facts.related("jurisdictionLevel", iri)), "")
        return Removable(index.thing(iri), level, ())
    traits = facts.traits.get(iri)
    by = [p.actor for p in facts.powers.get(iri, ()) if p.power == "can-remove"]
    level = next(iter(traits.arises), "") if traits else ""
    return Removable(index.thing(iri), level, tuple(index.thing(actor) for actor in dict.fromkeys(by)))


def _place(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def _rank(change: Smallest) -> tuple[list[int], int, list[str]]:
    """The nearest levels first, then the fewest actors."""
    levels = sorted((_place(t.level) for t in change.removed), reverse=True)
    return levels, len(change.actors), [t.thing.iri for t in change.removed]


_NONE = (
    "Ingen mängd av det som går att ta bort öppnar hindret säkert.",
    "No set of what can be removed surely opens the barrier.",
)
_SV = "Minsta träffande mängder av det som håller hindret uppe, exakt, med de närmaste nivåerna först."
_EN = "Minimal hitting sets of what keeps the barrier up, exact, with the nearest levels first."
