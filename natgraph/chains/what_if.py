"""What would open if something were taken away.

The meaning is in ``natgraph.chains.standing`` and, in plain words, in ``docs/chains.md``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from natgraph.chains.chain import Chain, chain_of, loops_of
from natgraph.chains.change import change_of
from natgraph.chains.closure import components
from natgraph.chains.index import ChainIndex
from natgraph.chains.readings import Class, State, assumptions, reading
from natgraph.chains.standing import Ground, Removed, Standing, spread
from natgraph.chains.things import CAUSAL, Bound, How, Kind, Step, Text, Thing
from natgraph.chains.walk import onward, reach

BARRIERS = 1_000
"""How many barriers are told of unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Rest:
    """One thing that a barrier rests on, and what becomes of it: a cause by its step, or a law."""

    thing: Thing
    step: Step | None
    state: State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one barrier.

    ``rests`` says of each of its causes and laws what becomes of it. ``reading`` tells why, and for one that
    may open under which reading of what is not known it would. ``links`` carry the change to it, ``derived``
    of them are conclusions of the editors.
    """

    barrier: Thing
    verdict: Class
    rests: Sequence[Rest]
    reading: Text
    links: int
    derived: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer: every barrier downstream with what becomes of it, and what the answer rests on.

    ``counts`` are of all barriers downstream; ``outcomes`` and ``chain`` of the nearest, if a bound was met.
    ``derived_share`` is the share of derived links among those that carry the change; None if there are none.
    """

    removed: Sequence[Thing]
    outcomes: Sequence[Outcome]
    counts: Mapping[Class, int]
    assumptions: Sequence[Text]
    derived_share: float | None
    chain: Chain
    bounds: Sequence[Bound]
    how: How

    def of(self, verdict: Class) -> list[Outcome]:
        """The outcomes of one class."""
        return [outcome for outcome in self.outcomes if outcome.verdict == verdict]


def what_if(
    index: ChainIndex,
    remove: Iterable[str],
    *,
    relations: Collection[Kind] = CAUSAL,
    stated_only: bool = False,
    max_barriers: int = BARRIERS,
) -> WhatIf:
    """What opens, may open or is unaffected when barriers, links, acts or provisions are taken away.

    ``remove`` are IRIs or slugs. With ``stated_only`` derived links are taken for not there: then fewer
    causes are left, so that more opens. Raises NotFound.
    """
    change = change_of(index, remove)
    removed, standing = change.removed, Standing(index, frozenset(relations), stated_only)
    answer = _Answer(standing, removed)
    moves = onward(index.net, "effects", relations, stated_only=stated_only)
    back = onward(index.net, "causes", relations, stated_only=stated_only)
    far = reach([*sorted(removed.barriers), *standing.resting_on(removed)], moves).distance
    below = [b for b in far if b not in removed.barriers and b not in standing.gone]
    shown = below[:max_barriers]
    links = answer.carried(below)
    stated = sum(bool(index.net.stated[link]) for link in links)
    drawn = {barrier: far[barrier] for barrier in (*sorted(removed.barriers), *shown)}
    inside = [n for n in sorted(answer.carried(shown)) if int(index.net.cause[n]) in drawn]
    steps = [index.step(link) for link in inside]
    return WhatIf(
        change.things,
        sorted(answer.outcomes(shown), key=lambda o: (_ORDER.index(o.verdict), o.barrier.iri)),
        {verdict: sum(answer.verdict(b) == verdict for b in below) for verdict in _ORDER},
        assumptions(standing, removed),
        1 - stated / len(links) if links else None,
        chain_of(index, drawn, steps, loops_of(index, drawn, inside), (back, moves)),
        [Bound(Text("antal hinder", "number of barriers"), max_barriers)]
        if len(below) > max_barriers
        else [],
        index.how(_SV, _EN),
    )


_ORDER: Sequence[Class] = ("opens", "may-open", "unaffected")


class _Answer:
    """Says of each barrier what becomes of it."""

    def __init__(self, standing: Standing, removed: Removed) -> None:
        self._standing = standing
        self._removed = removed
        self._opens = spread(standing, removed) | removed.barriers
        self._may = spread(standing, removed, may=True) | removed.barriers

    def verdict(self, barrier: int) -> Class:
        """Its class."""
        if barrier not in self._may:
            return "unaffected"
        return "opens" if barrier in self._opens else "may-open"

    def outcomes(self, barriers: Sequence[int]) -> list[Outcome]:
        """What becomes of some barriers; the links that carry the change are counted among these."""
        by_barrier = {barrier: self.carried([barrier]) for barrier in barriers}
        place = {link: n for n, link in enumerate(sorted(set().union(*by_barrier.values())))}
        derived = sum(1 << n for link, n in place.items() if not self._standing.index.net.stated[link])
        return [self._outcome(b, bits, derived) for b, bits in self._carrying(by_barrier, place).items()]

    def carried(self, barriers: Iterable[int]) -> set[int]:
        """The links by which some barriers that open, or may, lose what they rest on or may lose it."""
        cause = self._standing.index.net.cause
        return {
            link
            for barrier in barriers
            if barrier in self._may
            for ground in self._standing.lost(barrier, self._removed, self._may, may=True)
            for link in ground.links
            if link in self._removed.links or int(cause[link]) in self._may
        }

    def _carrying(self, by_barrier: Mapping[int, set[int]], place: Mapping[int, int]) -> dict[int, int]:
        """For each barrier all links that carry the change to it from what is removed, as bits."""
        cause, order = self._standing.index.net.cause, {b: n for n, b in enumerate(by_barrier)}
        ways = [
            (order[barrier], order[before])
            for barrier, links in by_barrier.items()
            for link in links
            if link not in self._removed.links and (before := int(cause[link])) in order
        ]
        own = [sum(1 << place[link] for link in links) for links in by_barrier.values()]
        carried = [0] * len(own)
        after: dict[int, list[int]] = defaultdict(list)
        for barrier, before in ways:
            after[barrier].append(before)
        for group in components(len(own), ways):
            bits = 0
            for node in group:
                bits |= own[node]
                for before in after[node]:
                    bits |= carried[before]
            for node in group:
                carried[node] = bits
        return dict(zip(by_barrier, carried, strict=True))

    def _outcome(self, barrier: int, links: int, derived: int) -> Outcome:
        verdict, grounds = self.verdict(barrier), self._standing.grounds(barrier)
        rests = [rest for ground in grounds for rest in self._rests(ground)]
        by: dict[State, list[Thing]] = {"gone": [], "may-go": [], "stays": []}
        for rest in rests:
            by[rest.state].append(rest.thing)
        counts = links.bit_count(), (links & derived).bit_count()
        thing = self._standing.index.barrier(barrier)
        return Outcome(thing, verdict, rests, reading(verdict, by, grounds), *counts)

    def _rests(self, ground: Ground) -> list[Rest]:
        index = self._standing.index
        if ground.law is not None:
            return [Rest(index.thing(ground.law), None, self._state_of_law(ground.law))]
        steps = [(link, index.step(link)) for link in ground.links]
        return [Rest(step.cause, step, self._state_of(link)) for link, step in steps]

    def _state_of_law(self, law: str) -> State:
        if law in self._removed.laws:
            return "gone"
        return "may-go" if law in self._removed.touched else "stays"

    def _state_of(self, link: int) -> State:
        cause = int(self._standing.index.net.cause[link])
        if link in self._removed.links or cause in self._opens:
            return "gone"
        return "may-go" if cause in self._may else "stays"


_SV = (
    "Öppnandet sprids från det borttagna tills inget mer öppnas, en gång för det säkra och en gång för det"
    " möjliga."
)
_EN = (
    "Opening spreads from what is removed until nothing more opens, once for what is sure and once for what"
    " may be."
)
