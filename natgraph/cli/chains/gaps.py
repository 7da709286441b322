"""``natgraph gaps``: what is not known."""

import click

from natgraph.chains import Gaps, Language, Text, gaps
from natgraph.cli.chains.asking import index_of, print_json, speaking
from natgraph.cli.chains.speech import Speech
from natgraph.errors import NotFound
from natgraph.paths import RootFinder


@click.command("gaps")
@click.argument("kind", required=False)
@speaking
@click.pass_obj
def gaps_command(find: RootFinder, kind: str | None, lang: Language, as_json: bool) -> None:
    """Count what is not known about the barriers, or list those with the gap KIND (such as no-measure)."""
    found = gaps(index_of(find))
    if as_json:
        print_json(found)
    elif kind:
        _list(found, kind, Speech(lang))
    else:
        _count(found, Speech(lang))


def _count(found: Gaps, speech: Speech) -> None:
    speech.table(_HEADS, [(gap.slug, gap.name, len(gap.barriers), found.barriers) for gap in found.gaps])
    speech.end(found.how)


def _list(found: Gaps, kind: str, speech: Speech) -> None:
    gap = next((gap for gap in found.gaps if gap.slug == kind), None)
    if gap is None:
        raise NotFound(f"The gap {kind}", [gap.slug for gap in found.gaps])
    speech.heading(gap.name, len(gap.barriers))
    speech.table((Text("hinder", "barrier"), Text("id", "id")), [(b, b.slug) for b in gap.barriers])
    speech.end(found.how)


_HEADS = (Text("id", "id"), Text("lucka", "gap"), Text("hinder", "barriers"), Text("av", "of"))
