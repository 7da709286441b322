"""When a barrier stands and when it opens: the logic behind what-if and the smallest change.

What a barrier rests on are its *grounds*: links from other barriers, and the law it is grounded in. Links to
the same effect with one ``ng:causeGroup`` are one ground, which holds only while all of them hold (they work
together); any other link, and each act or provision, is a ground of its own.

How grounds combine is mostly not known. So a barrier is thought of as a rule that says for each set of
grounds still holding whether the barrier stands. Nothing is assumed of the rule but this:

- it is monotone: more grounds never make the barrier open, and with all of them it stands;
- a *necessary* ground: without it the barrier does not stand; *sufficient*: with it the barrier stands;
- *contributing*: it is one of several, so without it alone the barrier still stands;
- with no ground left the barrier does not stand, provided that some ground *gives rise* to it: a link of type
  causes (or part-of, where that is followed), or law. One that is only reinforced has a cause that nobody
  named.

A barrier *opens* if it stands under no rule that fits, *may open* if under some only, else it *stands*. The
conditions are few enough to be decided directly; tests compare that with trying every rule.

Over many barriers, opening spreads from what is removed, and only from there: a loop that loses what fed it
may keep itself up, so it opens surely only if it is cut. (That is the least fixed point, once for what surely
opens and once for what may.) A barrier without any ground is a root: it goes only if it is removed itself.
"""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from natgraph.chains.index import ChainIndex
from natgraph.chains.things import CAUSAL, KINDS, NECESSITIES, Kind
from natgraph.chains.walk import Onward, onward

Verdict = Literal["opens", "may-open", "stands"]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a barrier rests on as one: links by number that work together, or a law by IRI."""

    links: tuple[int, ...] = ()
    law: str | None = None
    necessary: bool = False
    sufficient: bool = False
    contributing: bool = False
    gives: bool = True


def verdict(grounds: Sequence[Ground], lost: Collection[Ground]) -> Verdict:
    """What becomes of a barrier with these grounds when some are lost."""
    if not lost:
        return "stands"
    left = [ground for ground in grounds if ground not in lost]
    kept = any(ground.sufficient for ground in left)
    if any(ground.necessary for ground in lost):
        return "may-open" if kept else "opens"
    if kept or (len(lost) == 1 and all(ground.contributing for ground in lost)):
        return "stands"
    if left:
        return "may-open"
    return "opens" if any(ground.gives for ground in grounds) else "may-open"


@dataclass(frozen=True)
class Removed:
    """What is taken away: barriers and links by number, laws by IRI.

    ``touched`` are laws of which a part is taken away: a barrier grounded in the whole may rest on that part.
    """

    barriers: frozenset[int] = frozenset()
    links: frozenset[int] = frozenset()
    laws: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Standing:
    """The grounds of every barrier under one choice of relations, made when asked for.

    ``gone`` are barriers that the data says are removed already: they hold nothing up.
    """

    index: ChainIndex
    relations: frozenset[Kind] = CAUSAL
    stated_only: bool = False

    @cached_property
    def gone(self) -> frozenset[int]:
        """Barriers with the status removed."""
        net, traits = self.index.net, self.index.facts.traits
        found = (net.barriers.place(iri) for iri, trait in traits.items() if trait.status == "removed")
        return frozenset(number for number in found if number is not None)

    @cached_property
    def _made(self) -> dict[int, tuple[Ground, ...]]:
        return {}

    def grounds(self, barrier: int) -> tuple[Ground, ...]:
        """What a barrier rests on today."""
        if barrier not in self._made:
            self._made[barrier] = (*self._from_links(barrier), *self._from_law(barrier))
        return self._made[barrier]

    def after(self, barrier: int) -> list[int]:
        """The barriers that rest on this one by a link."""
        return list(dict.fromkeys(move.to for move in self._on(barrier)))

    def resting_on(self, removed: Removed) -> list[int]:
        """The barriers that lose a ground directly: effects of links, and what is grounded in the law."""
        net, facts = self.index.net, self.index.facts
        effects = [int(net.effect[link]) for link in sorted(removed.links)]
        laws = removed.laws | removed.touched
        grounded = (b for b, on in facts.relations.get("groundedIn", {}).items() if laws & set(on))
        numbers = (net.barriers.place(iri) for iri in grounded)
        effects += [to for barrier in sorted(removed.barriers) for to in self.after(barrier)]
        return list(dict.fromkeys([*effects, *(n for n in numbers if n is not None)]))

    def lost(self, barrier: int, removed: Removed, opened: Collection[int], *, may: bool) -> list[Ground]:
        """The grounds of a barrier that no longer hold; with ``may`` also those that may not hold."""
        return [g for g in self.grounds(barrier) if self._is_lost(g, removed, opened, may=may)]

    def _is_lost(self, ground: Ground, removed: Removed, opened: Collection[int], *, may: bool) -> bool:
        if ground.law is not None:
            return ground.law in removed.laws or (may and ground.law in removed.touched)
        cause = self.index.net.cause
        return any(link in removed.links or int(cause[link]) in opened for link in ground.links)

    @cached_property
    def _on(self) -> Onward:
        return onward(self.index.net, "effects", self.relations, stated_only=self.stated_only)

    @cached_property
    def _back(self) -> Onward:
        return onward(self.index.net, "causes", self.relations, stated_only=self.stated_only)

    def _from_links(self, barrier: int) -> Iterable[Ground]:
        net = self.index.net
        groups: dict[tuple[int, int], list[int]] = {}
        for move in self._back(barrier):
            if move.to not in self.gone:
                alone = net.group[move.link] < 0 or NECESSITIES[net.necessity[move.link]] == "sufficient"
                key = (-1, move.link) if alone else (int(net.group[move.link]), -1)
                groups.setdefault(key, []).append(move.link)
        return [self._ground(tuple(sorted(links))) for links in groups.values()]

    def _ground(self, links: tuple[int, ...]) -> Ground:
        net = self.index.net
        known = {NECESSITIES[net.necessity[link]] for link in links}
        return Ground(
            links,
            necessary="necessary" in known,
            sufficient="sufficient" in known,
            contributing="contributing" in known and "necessary" not in known,
            gives=any(KINDS[net.kind[link]] != "reinforces" for link in links),
        )

    def _from_law(self, barrier: int) -> Iterable[Ground]:
        facts = self.index.facts
        return [Ground(law=law) for law in facts.related("groundedIn", self.index.net.barriers[barrier])]


def spread(standing: Standing, removed: Removed, *, may: bool = False) -> set[int]:
    """The barriers that open (or, with ``may``, may open) besides those removed themselves.

    The least fixed point: opening spreads from what is removed until nothing more opens.
    """
    opened = set(removed.barriers)
    waiting = deque(standing.resting_on(removed))
    while waiting:
        barrier = waiting.popleft()
        if barrier in opened or barrier in standing.gone:
            continue
        lost = standing.lost(barrier, removed, opened, may=may)
        if verdict(standing.grounds(barrier), lost) in (("opens", "may-open") if may else ("opens",)):
            opened.add(barrier)
            waiting.extend(standing.after(barrier))
    return opened - removed.barriers
