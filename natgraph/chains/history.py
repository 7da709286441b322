"""A barrier through time, and the barriers that nothing happens to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from natgraph.chains.index import ChainIndex
from natgraph.chains.things import How, Source, Text, Thing

EventKind = Literal["step", "measure", "reading"]
STANDING = frozenset({"open", "being-addressed", "mitigated", "disputed"})
"""The states of a barrier that is still there."""


@dataclass(frozen=True, slots=True)
class Event:
    """A step that a source states, a measure, or a reading (the source saw the barrier then).

    ``date`` is the first day of what is stated (ISO 8601); ``stated`` is as printed. ``what`` says it in
    words.
    """

    date: str
    stated: str
    kind: EventKind
    what: Text
    iri: str
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is dated about a barrier, the oldest first; ``undated`` are measures without a date."""

    barrier: Thing
    status: str
    events: Sequence[Event]
    undated: Sequence[Event]
    how: How


@dataclass(frozen=True, slots=True)
class Quiet:
    """A barrier still there, the last thing that happened to it, and when a source last saw it."""

    barrier: Thing
    status: str
    last: Event | None
    seen: str | None


@dataclass(frozen=True, slots=True)
class Stalled:
    """Barriers to which nothing dated has happened for some years, the longest quiet first.

    ``undated``: nothing that happened to them has a date, so it is not known.
    """

    years: int
    today: date
    quiet: Sequence[Quiet]
    undated: Sequence[Quiet]
    how: How


def timeline(index: ChainIndex, barrier: str) -> Timeline:
    """The timeline of a barrier (IRI or slug); raises NotFound."""
    number = index.number(barrier)
    thing = index.barrier(number)
    events = sorted(_events(index, thing.iri), key=lambda event: (event.date, event.kind, event.iri))
    return Timeline(
        thing, index.traits(number).status,
        [event for event in events if event.date], [event for event in events if not event.date],
        index.how(_SV, _EN),
    )  # fmt: skip


def stalled(index: ChainIndex, years: int, today: date) -> Stalled:
    """The barriers still there to which nothing dated has happened in the years before ``today``."""
    limit = f"{today.year - years:04}-{today:%m-%d}"
    still = [n for n in range(len(index.net.barriers)) if index.traits(n).status in STANDING]
    quiet = [_quiet(index, n) for n in still]
    dated = [q for q in quiet if q.last and q.last.date < limit]
    return Stalled(
        years, today,
        sorted(dated, key=lambda q: (q.last.date if q.last else "", q.barrier.iri)),
        [q for q in quiet if q.last is None],
        index.how(_SV_STALLED, _EN_STALLED),
    )  # fmt: skip


def _quiet(index: ChainIndex, number: int) -> Quiet:
    line = timeline(index, index.net.barriers[number])
    happened = [event for event in line.events if event.kind != "reading"]
    readings = [event.stated for event in line.events if event.kind == "reading"]
    return Quiet(
        line.barrier, line.status, happened[-1] if happened else None, readings[-1] if readings else None
    )


def _events(index: ChainIndex, barrier: str) -> list[Event]:
    facts = index.facts
    steps = [
        Event(
            c.date, c.stated or c.date, "step", index.concept("step", c.step), c.claim, index.sources(c.claim)
        )
        for c in facts.changes.get(barrier, ())
    ]
    measures = [
        Event(
            t.start, t.stated or t.start, "measure", _measure(index, t.measure, t.effect, t.status),
            t.measure, index.sources(t.claim),
        )
        for t in facts.measures.get(barrier, ())
    ]  # fmt: skip
    readings = [
        Event(_first_day(seen), seen, "reading", Text(*_READ), barrier, index.sources(barrier))
        for seen in facts.related("asOf", barrier)
    ]
    return [*steps, *measures, *readings]


def _measure(index: ChainIndex, measure: str, effect: str, status: str) -> Text:
    name, does = index.thing(measure).name, index.concept("effect-kind", effect)
    state = index.concept("measure-status", status) if status else Text("", "")
    return Text(
        f"{name.sv} ({', '.join(filter(None, (does.sv, state.sv)))})",
        f"{name.en} ({', '.join(filter(None, (does.en, state.en)))})",
    )


def _first_day(stated: str) -> str:
    """The first day of a year, month or day.

    >>> _first_day("2022"), _first_day("2022-05")
    ('2022-01-01', '2022-05-01')
    """
    return f"{stated}-01-01"[:10] if len(stated) == len("2022") else f"{stated}-01"[:10]


_READ = ("så när källan skrevs", "so when the source was written")
_SV = "Daterade steg, åtgärder och avläsningar i tidsordning."
_EN = "Dated steps, measures and readings in order of time."
_SV_STALLED = "Hinder som finns kvar och vars senaste daterade steg eller åtgärd är äldre än gränsen."
_EN_STALLED = "Barriers still there whose last dated step or measure is older than the limit."
