"""What would open if something were taken away.

The meaning is in ``natgraph.chains.standing`` and, in plain words, in ``docs/chains.md``.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from natgraph.chains.chain import Chain, chain_of, loops_of
from natgraph.chains.change import change_of
from natgraph.chains.index import ChainIndex
from natgraph.chains.standing import Ground, Removed, Standing, spread
from natgraph.chains.things import CAUSAL, How, Kind, Step, Text, Thing
from natgraph.chains.walk import onward, reach

State = Literal["gone", "may-go", "stays"]
Class = Literal["opens", "may-open", "unaffected"]


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
    may open under which reading of what is not known it would. ``links`` carry the change to it, ``derived`` of
    them are conclusions of the editors.
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

    ``remove`` are IRIs or slugs. With ``stated_only`` derived links are taken for not there: then fewer causes
    are left, so that more opens. Raises NotFound.
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
        _assumptions(standing, change.removed),
        sum(not step.stated for step in steps) / len(steps) if steps else None,
        chain_of(index, found.distance, steps, loops_of(index, found.distance, links), back, moves),
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
        rests = [rest for ground in self._standing.grounds(barrier) for rest in self._rests(barrier, ground)]
        links = self._carrying(barrier) if verdict != "unaffected" else set[int]()
        derived = sum(not index.net.stated[link] for link in links)
        return Outcome(
            index.barrier(barrier), verdict, rests, _reading(verdict, rests, self._standing.grounds(barrier)),
            len(links), derived,
        )  # fmt: skip

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

    def _rests(self, barrier: int, ground: Ground) -> list[Rest]:
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


def _reading(verdict: Class, rests: Sequence[Rest], grounds: Sequence[Ground]) -> Text:
    by: dict[State, list[Thing]] = {s: [r.thing for r in rests if r.state == s] for s in ("gone", "may-go", "stays")}
    if verdict == "opens":
        return _text(_OPENS if not by["stays"] else _OPENS_NECESSARY, by)
    if verdict == "unaffected":
        return _text(_STANDS if by["gone"] or by["may-go"] else _UNTOUCHED, by)
    if not by["stays"] and not any(ground.gives for ground in grounds):
        return _text(_ONLY_REINFORCED, by)
    if not by["gone"]:
        return _text(_UNCERTAIN, by)
    return _text(_MAY_BOTH if by["may-go"] else _MAY, by)


def _text(texts: tuple[str, str], by: dict[State, list[Thing]]) -> Text:
    sv = {state.replace("-", "_"): "; ".join(t.name.sv for t in things) for state, things in by.items()}
    en = {state.replace("-", "_"): "; ".join(t.name.en for t in things) for state, things in by.items()}
    return Text(texts[0].format(**sv), texts[1].format(**en))


_OPENS = (
    "Inget av det som orsakar hindret är kvar, hur nödvändiga orsakerna än är.",
    "Nothing that causes it is left, however necessary the causes are.",
)
_OPENS_NECESSARY = (
    "En nödvändig orsak är borta: {gone}.",
    "A necessary cause is gone: {gone}.",
)
_MAY = (
    "Öppnas om något av det som är borta är nödvändigt: {gone}. Kvar står: {stays}.",
    "Opens if something that is gone is necessary: {gone}. What remains: {stays}.",
)
_MAY_BOTH = (
    "Öppnas om det som är borta är nödvändigt: {gone}; eller om också det som kanske försvinner gör det: "
    "{may_go}. Kvar står: {stays}.",
    "Opens if what is gone is necessary: {gone}; or if what may go goes too: {may_go}. What remains: {stays}.",
)
_UNCERTAIN = (
    "Öppnas bara om det som kanske försvinner gör det: {may_go}. Kvar står: {stays}.",
    "Opens only if what may go does go: {may_go}. What remains: {stays}.",
)
_ONLY_REINFORCED = (
    "Det som förstärker hindret är eller kan vara borta ({gone}; {may_go}), men vad som ger upphov till det är "
    "inte känt.",
    "What reinforces it is or may be gone ({gone}; {may_go}), but what gives rise to it is not known.",
)
_STANDS = (
    "Något är eller kan vara borta ({gone}; {may_go}), men det som är kvar räcker, eller det var bara bidragande: "
    "{stays}.",
    "Something is or may be gone ({gone}; {may_go}), but what remains is enough, or it only contributed: {stays}.",
)
_UNTOUCHED = (
    "Det som hindret vilar på står kvar: {stays}.",
    "What the barrier rests on remains: {stays}.",
)


def _assumptions(standing: Standing, removed: Removed) -> list[Text]:
    said = [Text(sv, en) for sv, en in _ASSUMED]
    if removed.laws:
        said.append(Text(*_LAW))
    if removed.touched:
        said.append(Text(*_TOUCHED))
    if standing.stated_only:
        said.append(Text(*_STATED))
    if standing.gone:
        things = [standing.index.barrier(n) for n in sorted(standing.gone)]
        sv, en = "; ".join(t.name.sv for t in things), "; ".join(t.name.en for t in things)
        said.append(Text(f"Redan undanröjda hinder håller inget uppe: {sv}.", f"Barriers already removed hold nothing up: {en}."))
    return said


_ASSUMED = (
    (
        "Grafen antas ha alla orsaker. Den har inte det: bara en del källor är lästa.",
        "The graph is taken to hold all causes. It does not: only some sources have been read.",
    ),
    (
        "Där nödvändigheten inte är känd prövas alla möjligheter.",
        "Where necessity is not known, every possibility is considered.",
    ),
    (
        "En slinga kan hålla sig själv uppe, så den öppnas säkert bara om den bryts.",
        "A loop may keep itself up, so it opens surely only if it is cut.",
    ),
    (
        "Den som bara förstärker ger inte upphov till hindret.",
        "What only reinforces a barrier does not give rise to it.",
    ),
)
_LAW = (
    "Att en regel tas bort antas ta bort hindret om det vilar på den och inget annat.",
    "That a rule goes is taken to remove a barrier that rests on it and on nothing else.",
)
_TOUCHED = (
    "Hinder som vilar på hela lagen eller kapitlet kan vila på just den borttagna delen.",
    "Barriers that rest on the whole act or chapter may rest on the very part that goes.",
)
_STATED = (
    "Härledda samband antas inte finnas.",
    "Derived links are taken for not there.",
)
_SV = "Öppnandet sprids från det borttagna tills inget mer öppnas, en gång för det säkra och en gång för det möjliga."
_EN = "Opening spreads from what is removed until nothing more opens, once for what is sure and once for what may be."
