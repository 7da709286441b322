"""Places or platforms side by side: what they share, what only one has met, and what was solved elsewhere.

There is no ranking, and no count to rank by: one that reports more barriers is doing its work.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from natgraph.chains.circle import Circle, circle
from natgraph.chains.facts import Met, Tried
from natgraph.chains.index import ChainIndex
from natgraph.chains.things import How, Source, Thing, local, type_of
from natgraph.errors import ChainFault

DONE = frozenset({"in-force", "completed"})
"""The states of a measure that has been carried out."""
LEAST = 2


@dataclass(frozen=True, slots=True)
class Meeting:
    """A claim that a party of one of the compared has met a barrier."""

    whose: Thing
    party: Thing
    claim: str
    stated: bool
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True)
class Shared:
    """A barrier and who has met it."""

    barrier: Thing
    by: Sequence[Meeting]


@dataclass(frozen=True, slots=True)
class Solution:
    """A measure that was carried out elsewhere; ``effect`` is removes or mitigates (slugs)."""

    measure: Thing
    effect: str
    status: str
    by: Sequence[Thing]
    among: bool
    date: str
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True)
class SolvedElsewhere:
    """A barrier that one of the compared has met and that others, not it, have done something about."""

    whose: Thing
    barrier: Thing
    solutions: Sequence[Solution]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``shared`` by at least two, ``unique`` to one, and ``solved`` elsewhere."""

    things: Sequence[Thing]
    shared: Sequence[Shared]
    unique: Sequence[Shared]
    solved: Sequence[SolvedElsewhere]
    how: How


def compare(index: ChainIndex, references: Sequence[str]) -> Comparison:
    """Compare municipalities, organisations or platforms (IRIs or slugs), in the order given.

    Elsewhere are the compared (``among``), and other municipalities, regions, platforms and projects. Raises
    NotFound with near matches, and ChainFault for fewer than two different things.
    """
    circles = list({c.thing.iri: c for c in (circle(index, reference) for reference in references)}.values())
    if len(circles) < LEAST:
        raise ChainFault("A comparison needs at least two different places, organisations or platforms.")
    rows = [
        row
        for barrier, met in sorted(index.facts.encounters.items())
        if (row := _row(index, circles, barrier, met))
    ]
    whose = [{meeting.whose for meeting in row.by} for row in rows]
    solved = [s for row in rows for c in circles if (s := _solved(index, circles, c, row))]
    return Comparison(
        [c.thing for c in circles],
        [row for row, who in zip(rows, whose, strict=True) if len(who) >= LEAST],
        [row for row, who in zip(rows, whose, strict=True) if len(who) < LEAST],
        solved,
        index.how(_SV, _EN),
    )


def _row(index: ChainIndex, circles: Sequence[Circle], barrier: str, met: Sequence[Met]) -> Shared | None:
    meetings = [
        Meeting(c.thing, index.thing(m.party), m.claim, m.stated, index.sources(m.claim))
        for c in circles
        for m in met
        if m.party in c.parties
    ]
    return Shared(index.thing(barrier), meetings) if meetings else None


def _solved(index: ChainIndex, circles: Sequence[Circle], own: Circle, row: Shared) -> SolvedElsewhere | None:
    if own.thing not in {meeting.whose for meeting in row.by}:
        return None
    others = [c for c in circles if c is not own]
    tried = [
        t
        for t in index.facts.measures.get(row.barrier.iri, ())
        if t.status in DONE and t.effect != "investigates"
    ]
    found = [solution for t in tried if (solution := _solution(index, t, own, others))]
    return SolvedElsewhere(own.thing, row.barrier, found) if found else None


def _solution(index: ChainIndex, tried: Tried, own: Circle, others: Sequence[Circle]) -> Solution | None:
    takers = index.facts.related("takenBy", tried.measure)
    if own.parties & set(takers):
        return None
    among = any(c.parties & set(takers) for c in others)
    if not (among or any(_is_local(index, taker) for taker in takers)):
        return None
    return Solution(
        index.thing(tried.measure), tried.effect, tried.status, [index.thing(taker) for taker in takers],
        among, tried.stated or tried.start, index.sources(tried.claim),
    )  # fmt: skip


def _is_local(index: ChainIndex, taker: str) -> bool:
    """Whether a platform, project, municipality, region or a unit or company of these took it."""
    kinds = map(local, index.facts.related("classification", taker))
    return type_of(taker) in ("platform", "project") or any(
        k.startswith("municipal") or k == "region" for k in kinds
    )


_SV = (
    "Mötena för var och en, dess enheter, plattformar och deras projekt. Löst på annat håll: en genomförd"
    " åtgärd som undanröjer eller mildrar hindret, vidtagen av någon annan lokal part."
)
_EN = (
    "The encounters of each one, its units, platforms and their projects. Solved elsewhere: a measure"
    " carried out that removes or mitigates the barrier, taken by another local party."
)
