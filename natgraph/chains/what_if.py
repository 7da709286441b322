"""What would open if something were taken away.

The meaning is in ``natgraph.chains.standing`` and, in plain words, in ``docs/chains.md``.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from natgraph.chains.chain import Chain, chain_of, loops_of
from natgraph.chains.change import change_of
from natgraph.chains.index import ChainIndex
from natgraph.chains.readings import Class, State, assumptions, reading
from natgraph.chains.standing import Ground, Removed, Standing, spread
from natgraph.chains.things import CAUSAL, How, Kind, Step, Text, Thing
from natgraph.chains.walk import onward, reach


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

    ``derived_share`` is the share of derived links among those that carry the change; None if there are none.
    """

    removed: Sequence[Thing]
    outcomes: Sequence[Outcome]
    assumptions: Sequence[Text]
    derived_share: float | None
    chain: Chain
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
) -> WhatIf:
    """What opens, may open or is unaffected when barriers, links, acts or provisions are taken away.

    ``remove`` are IRIs or slugs. With ``stated_only`` derived links are taken for not there: then fewer
    causes are left, so that more opens. Raises NotFound.
    """
    change = change_of(index, remove)
    standing = Standing(index, frozenset(relations), stated_only)
    answer = _Answer(standing, change.removed)
    moves = onward(index.net, "effects", relations, stated_only=stated_only)
    back = onward(index.net, "causes", relations, stated_only=stated_only)
    found = reach([*sorted(change.removed.barriers), *standing.resting_on(change.removed)], moves)
    below = [b for b in found.distance if b not in change.removed.barriers and b not in standing.gone]
    links = sorted({link for barrier in found.distance for link in answer.carried_by(barrier)})
    steps = [index.step(link) for link in links]
    return WhatIf(
        change.things,
        sorted((answer.outcome(b) for b in below), key=lambda o: (_ORDER.index(o.verdict), o.barrier.iri)),
        assumptions(standing, change.removed),
        sum(not step.stated for step in steps) / len(steps) if steps else None,
        chain_of(index, found.distance, steps, loops_of(index, found.distance, links), (back, moves)),
        index.how(_SV, _EN),
    )


_ORDER: Sequence[Class] = ("opens", "may-open", "unaffected")


class _Answer:
    """Says of each barrier what becomes of it."""

    def __init__(self, standing: Standing, removed: Removed) -> None:
        self._standing = standing
        self._removed = removed
        self._opens = spread(standing, removed)
        self._may = spread(standing, removed, may=True)

    def outcome(self, barrier: int) -> Outcome:
        index = self._standing.index
        verdict: Class = "unaffected"
        if barrier in self._may:
            verdict = "opens" if barrier in self._opens else "may-open"
        grounds = self._standing.grounds(barrier)
        rests = [rest for ground in grounds for rest in self._rests(ground)]
        by: dict[State, list[Thing]] = {"gone": [], "may-go": [], "stays": []}
        for rest in rests:
            by[rest.state].append(rest.thing)
        links = self._carrying(barrier) if verdict != "unaffected" else set[int]()
        derived = sum(not index.net.stated[link] for link in links)
        text = reading(verdict, by, grounds)
        return Outcome(index.barrier(barrier), verdict, rests, text, len(links), derived)

    def carried_by(self, barrier: int) -> list[int]:
        """The links by which a barrier loses, or may lose, something."""
        lost = self._lost(barrier, may=True)
        gone = self._may | self._removed.barriers
        cause = self._standing.index.net.cause
        return [
            n for g in lost for n in g.links if n in self._removed.links or int(cause[n]) in gone
        ]  # fmt: skip

    def _lost(self, barrier: int, *, may: bool) -> list[Ground]:
        opened = (self._may if may else self._opens) | self._removed.barriers
        return self._standing.lost(barrier, self._removed, opened, may=may)

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
        if link in self._removed.links or cause in self._removed.barriers or cause in self._opens:
            return "gone"
        return "may-go" if cause in self._may else "stays"

    def _carrying(self, barrier: int) -> set[int]:
        """All links that carry the change from what is removed to a barrier."""
        cause = self._standing.index.net.cause
        links, seen, waiting = set[int](), {barrier}, [barrier]
        while waiting:
            for link in self.carried_by(waiting.pop()):
                links.add(link)
                before = int(cause[link])
                if link not in self._removed.links and before not in seen:
                    seen.add(before)
                    waiting.append(before)
        return links


_SV = (
    "Öppnandet sprids från det borttagna tills inget mer öppnas, en gång för det säkra och en gång för det"
    " möjliga."
)
_EN = (
    "Opening spreads from what is removed until nothing more opens, once for what is sure and once for what"
    " may be."
)
