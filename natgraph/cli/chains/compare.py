"""``natgraph compare``: places, organisations or platforms side by side."""

import click

from natgraph.chains import Comparison, Language, Text, compare
from natgraph.chains.compare import Shared
from natgraph.cli.chains.asking import index_of, print_json, speaking
from natgraph.cli.chains.speech import Speech
from natgraph.paths import RootFinder
from natgraph.terms import iri


@click.command("compare")
@click.argument("things", nargs=-1, required=True)
@speaking
@click.pass_obj
def compare_command(find: RootFinder, things: tuple[str, ...], lang: Language, as_json: bool) -> None:
    """Compare THINGS, at least two municipalities (place), organisations or platforms.

    Each is a slug, type/slug or IRI. Nothing is ranked.
    """
    found = compare(index_of(find), [iri(thing) for thing in things])
    print_json(found) if as_json else _show(found, Speech(lang))


def _show(found: Comparison, speech: Speech) -> None:
    speech.print(speech.names(found.things))
    for title, rows in (
        (Text("Hinder som flera mött", "Barriers that several have met"), found.shared),
        (Text("Hinder som en mött", "Barriers that one has met"), found.unique),
    ):
        speech.heading(title, len(rows))
        speech.table((_BARRIER, _BY), [(row.barrier, _by(row, speech)) for row in rows])
    speech.heading(Text("Löst på annat håll", "Solved elsewhere"), len(found.solved))
    speech.table(
        (
            _BARRIER,
            Text("mött av", "met by"),
            Text("åtgärd", "measure"),
            Text("vidtagen av", "taken by"),
            _DATE,
        ),
        [
            (row.barrier, row.whose, solution.measure, speech.names(solution.by), solution.date)
            for row in found.solved
            for solution in row.solutions
        ],
    )
    speech.end(found.how)


def _by(row: Shared, speech: Speech) -> str:
    return "; ".join(
        f"{speech.name(m.whose)}: {speech.name(m.party)} {speech.mark(m.stated)}" for m in row.by
    )


_BARRIER, _BY, _DATE = Text("hinder", "barrier"), Text("av", "by"), Text("när", "when")
