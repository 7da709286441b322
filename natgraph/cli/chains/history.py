"""``natgraph timeline`` and ``natgraph stalled``: barriers through time."""

from datetime import UTC, datetime

import click

from natgraph.chains import Language, Stalled, Text, Timeline, stalled, timeline
from natgraph.chains.history import Event, Quiet
from natgraph.cli.chains.asking import index_of, print_json, speaking
from natgraph.cli.chains.speech import Speech
from natgraph.paths import RootFinder
from natgraph.terms import iri


@click.command("timeline")
@click.argument("barrier")
@speaking
@click.pass_obj
def timeline_command(find: RootFinder, barrier: str, lang: Language, as_json: bool) -> None:
    """Tell what is dated about BARRIER, the oldest first."""
    found = timeline(index_of(find), iri(barrier))
    print_json(found) if as_json else _show(found, Speech(lang))


def _show(found: Timeline, speech: Speech) -> None:
    speech.heading(found.barrier.name)
    events = [_row(event) for event in (*found.events, *found.undated)]
    speech.table((_WHEN, Text("slag", "kind"), Text("vad", "what"), Text("källa", "source")), events)
    speech.end(found.how)


def _row(event: Event) -> tuple[object, ...]:
    addresses = dict.fromkeys(source.address for source in event.sources)
    return event.stated or None, _KINDS[event.kind], event.what, " ".join(addresses)


@click.command("stalled")
@click.option("--years", type=click.IntRange(1, 100), default=5, show_default=True)
@speaking
@click.pass_obj
def stalled_command(find: RootFinder, years: int, lang: Language, as_json: bool) -> None:
    """List the barriers still there to which nothing dated has happened for some years."""
    found = stalled(index_of(find), years, datetime.now(UTC).date())
    print_json(found) if as_json else _show_stalled(found, Speech(lang))


def _show_stalled(found: Stalled, speech: Speech) -> None:
    speech.heading(Text("Inget har hänt", "Nothing has happened"), len(found.quiet))
    heads = (Text("hinder", "barrier"), Text("senast", "last"), Text("vad", "what"), Text("sett", "seen"))
    speech.table(heads, map(_quiet, found.quiet))
    speech.heading(Text("Inget daterat är känt", "Nothing dated is known"), len(found.undated))
    speech.table((heads[0], heads[3]), [(quiet.barrier, quiet.seen) for quiet in found.undated])
    speech.end(found.how)


def _quiet(quiet: Quiet) -> tuple[object, ...]:
    last = quiet.last
    return quiet.barrier, last and last.stated, last and last.what, quiet.seen


_WHEN = Text("när", "when")
_KINDS = {
    "step": Text("steg", "step"),
    "measure": Text("åtgärd", "measure"),
    "reading": Text("avläsning", "reading"),
}
