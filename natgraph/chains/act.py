"""Who can act: on a barrier and what lies behind it, or on what a municipality or organisation meets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from natgraph.chains.circle import TYPES, Circle, circle
from natgraph.chains.encounters import met_by
from natgraph.chains.facts import Power
from natgraph.chains.index import ChainIndex
from natgraph.chains.things import CAUSAL, How, Kind, Source, Step, Text, Thing, local
from natgraph.chains.walk import Reached, onward, reach
from natgraph.errors import NotFound


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that someone can remove, influence or must be consulted; ``yours`` if it is one of you."""

    claim: str
    actor: Thing
    power: str
    stated: bool
    yours: bool
    rationale: Text | None
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True)
class Line:
    """One barrier: who can act on it, what law it rests on, and how it leads to what was asked about.

    ``asked``: it is what was asked about; else it lies behind, and ``steps`` lead from it to one that was
    asked about.
    """

    barrier: Thing
    asked: bool
    steps: Sequence[Step]
    claims: Sequence[Claimed]
    laws: Sequence[Thing]
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True)
class Share:
    """An actor (or an act of law) and the barriers that call for it."""

    thing: Thing
    barriers: Sequence[Thing]


@dataclass(frozen=True, slots=True)
class WhoCanAct:
    """The answer, line by line and counted.

    ``remove`` and ``influence``: what you can (influence without being able to remove). ``needs``: of what
    you cannot remove, who can; ``influenced_by``: who can influence it; ``consult``: who must be heard.
    ``acts``: the acts of law that would have to change. ``nobody``: no one is known who can remove or
    influence it.
    """

    scope: Thing
    lines: Sequence[Line]
    remove: Sequence[Thing]
    influence: Sequence[Thing]
    needs: Sequence[Share]
    influenced_by: Sequence[Share]
    consult: Sequence[Share]
    acts: Sequence[Share]
    nobody: Sequence[Thing]
    derived_share: float | None
    sentence: Text
    how: How


def who_can_act(
    index: ChainIndex,
    scope: str,
    *,
    behind: bool = True,
    relations: Collection[Kind] = CAUSAL,
    stated_only: bool = False,
) -> WhoCanAct:
    """Who can act on a barrier, or on what a municipality, organisation or platform meets (IRI or slug).

    For an organisation also on what it has a power over itself. With ``behind`` also on every cause.
    ``stated_only`` leaves out derived links and derived claims of power. Raises NotFound with near matches.
    """
    who, starts = _starts(index, scope)
    depth = None if behind else 0
    found = reach(starts, onward(index.net, "causes", relations, stated_only=stated_only), depth)
    maker = _Lines(index, who.actors if who else frozenset(), stated_only)
    lines = [maker.line(barrier, found) for barrier in found.distance]
    thing = who.thing if who else index.barrier(starts[0])
    return _counted(index, thing, lines, yours=who is not None)


def _starts(index: ChainIndex, scope: str) -> tuple[Circle | None, list[int]]:
    """Whose question it is (nobody's, for a barrier), and the barriers asked about."""
    try:
        who = circle(index, scope)
    except NotFound as nobody:
        try:
            return None, [index.number(scope)]
        except NotFound as none:
            near = [*nobody.near, *none.near]
            raise NotFound(f"{local(scope)} ({', '.join((*TYPES, 'barrier'))})", near) from none
    return who, sorted({*met_by(index, who.parties), *_held(index, who)})


def _held(index: ChainIndex, who: Circle) -> list[int]:
    """The barriers over which an organisation or its units, by name, have a power."""
    own = who.actors & who.parties
    powers = index.facts.powers
    found = (index.net.barriers.place(b) for b, given in powers.items() if any(p.actor in own for p in given))
    return [number for number in found if number is not None]


@dataclass(frozen=True)
class _Lines:
    """Makes the line of a barrier."""

    index: ChainIndex
    actors: frozenset[str]
    stated_only: bool

    def line(self, barrier: int, found: Reached) -> Line:
        index = self.index
        thing = index.barrier(barrier)
        powers = index.facts.powers.get(thing.iri, ())
        return Line(
            thing,
            asked=found.distance[barrier] == 0,
            steps=[index.step(link) for link in self._route(barrier, found)],
            claims=[self._claimed(p) for p in powers if p.stated or not self.stated_only],
            laws=[index.thing(law) for law in index.facts.related("groundedIn", thing.iri)],
            sources=index.sources(thing.iri),
        )

    def _route(self, barrier: int, found: Reached) -> list[int]:
        """The links from a barrier to one asked about, by the way it was found."""
        links = []
        while barrier in found.via:
            links.append(found.via[barrier])
            barrier = int(self.index.net.effect[links[-1]])
        return links

    def _claimed(self, power: Power) -> Claimed:
        index = self.index
        return Claimed(
            power.claim, index.thing(power.actor), power.power, power.stated, power.actor in self.actors,
            index.facts.rationales.get(power.claim), index.sources(power.claim),
        )  # fmt: skip


def _counted(index: ChainIndex, scope: Thing, lines: Sequence[Line], *, yours: bool) -> WhoCanAct:
    remove = [line for line in lines if _can(line, "can-remove", yours=True)]
    rest = [line for line in lines if line not in remove]
    influence = [line for line in rest if _can(line, "can-influence", yours=True)]
    needs, influenced, consult = (
        _shares(rest, p) for p in ("can-remove", "can-influence", "must-be-consulted")
    )
    nobody = [line for line in lines if not (_can(line, "can-remove") or _can(line, "can-influence"))]
    used = [c.stated for line in lines for c in line.claims] + [
        s.stated for line in lines for s in line.steps[:1]
    ]
    acts = _acts(index, rest)
    numbers = {"all": len(lines), "remove": len(remove), "influence": len(influence), "nobody": len(nobody)}
    return WhoCanAct(
        scope, lines, [x.barrier for x in remove], [x.barrier for x in influence],
        needs, influenced, consult, acts, [x.barrier for x in nobody],
        sum(not stated for stated in used) / len(used) if used else None,
        _sentence(numbers, needs, acts, yours=yours), index.how(_SV, _EN),
    )  # fmt: skip


def _can(line: Line, power: str, *, yours: bool = False) -> bool:
    return any(c.power == power and (c.yours or not yours) for c in line.claims)


def _shares(lines: Sequence[Line], power: str) -> list[Share]:
    """Who else has a power over these barriers, those over most of them first."""
    by: dict[Thing, list[Thing]] = {}
    for line in lines:
        for actor in dict.fromkeys(c.actor for c in line.claims if c.power == power and not c.yours):
            by.setdefault(actor, []).append(line.barrier)
    return _most_first(by)


def _acts(index: ChainIndex, lines: Sequence[Line]) -> list[Share]:
    by: dict[Thing, list[Thing]] = {}
    for line in lines:
        acts = (index.facts.related("is_part_of", law.iri) or (law.iri,) for law in line.laws)
        for act in dict.fromkeys(iri for found in acts for iri in found):
            by.setdefault(index.thing(act), []).append(line.barrier)
    return _most_first(by)


def _most_first(by: Mapping[Thing, Sequence[Thing]]) -> list[Share]:
    shares = [Share(thing, barriers) for thing, barriers in by.items()]
    return sorted(shares, key=lambda share: (-len(share.barriers), share.thing.iri))


def _sentence(n: Mapping[str, int], needs: Sequence[Share], acts: Sequence[Share], *, yours: bool) -> Text:
    """The counts as one sentence, with the two most called for of each kind."""
    you = _YOU if yours else ("Av dessa {all} hinder: ", "Of these {all} barriers: ")
    sv, en = [you[0].format(**n)], [you[1].format(**n)]
    sv += [f"{len(s.barriers)} kräver {s.thing.name.sv}; " for s in needs[:2]]
    en += [f"{len(s.barriers)} need {s.thing.name.en}; " for s in needs[:2]]
    sv += [f"{len(s.barriers)} kräver ändring av {s.thing.name.sv}; " for s in acts[:2]]
    en += [f"{len(s.barriers)} need a change of {s.thing.name.en}; " for s in acts[:2]]
    sv.append("för {nobody} är ingen känd som kan göra något.".format(**n))
    en.append("for {nobody} no one is known who can act.".format(**n))
    return Text("".join(sv), "".join(en))


_YOU = (
    "Av dessa {all} hinder kan ni undanröja {remove} och påverka {influence}; ",
    "Of these {all} barriers you can remove {remove} and influence {influence}; ",
)
_SV = (
    "Hindren som mötts och deras orsaker, med ansvaren på varje. Ert är det som gäller er, era enheter,"
    " kategorier ni hör till och organ som varje medlem av dem har."
)
_EN = (
    "The barriers met and their causes, with the responsibilities for each. Yours is what applies to you,"
    " your units, categories you belong to and bodies that every member of these has."
)
