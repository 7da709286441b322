"""``natgraph roots``: root causes by reach."""

from typing import Any

import click

from natgraph.chains import Language, RootCauses, Text, root_causes
from natgraph.chains.reaching import MEASURES
from natgraph.chains.roots import RootCause
from natgraph.cli.chains.asking import following, index_of, print_json, speaking
from natgraph.cli.chains.speech import Speech
from natgraph.paths import RootFinder
from natgraph.terms import iri


@click.command("roots")
@click.argument("scope", required=False)
@click.option("--by", type=click.Choice(MEASURES), default="barriers", show_default=True)
@click.option("--top", type=click.IntRange(1), help="Only the first ones.")
@following
@speaking
@click.pass_obj
def roots_command(
    find: RootFinder,
    /,
    scope: str | None,
    top: int | None,
    lang: Language,
    as_json: bool,
    **options: Any,
) -> None:
    """Rank the root causes of everything, or behind SCOPE.

    SCOPE is a barrier, theme, platform, municipality (place) or organisation: a slug, type/slug or IRI.
    """
    found = root_causes(index_of(find), iri(scope) if scope else None, **options)
    print_json(found) if as_json else _show(found, top, Speech(lang))


def _show(found: RootCauses, top: int | None, speech: Speech) -> None:
    if found.scope:
        speech.heading(found.scope.name)
    speech.table(_HEADS, [_row(root, speech) for root in found.roots[:top]])
    for bound in found.bounds:
        speech.print(f"{speech.say(bound.what)}: {bound.limit}")
    speech.end(found.how, found.derived_share)


def _row(root: RootCause, speech: Speech) -> tuple[object, ...]:
    reach, place = root.reach, root.place
    return (
        root.rank,
        " ↔ ".join(map(speech.name, root.barriers)),
        reach.barriers,
        reach.platforms,
        reach.municipalities,
        reach.projects,
        f"{reach.kronor:,.0f}".replace(",", " "),
        place.level if place else None,
        _QUADRANTS[place.quadrant] if place else None,
        root.stability.words if root.stability else None,
    )


_QUADRANTS = {
    "driving": Text("drivande", "driving"),
    "linkage": Text("förmedlande", "linkage"),
    "dependent": Text("beroende", "dependent"),
    "autonomous": Text("fristående", "autonomous"),
}
_HEADS = (
    Text("plats", "rank"),
    Text("grundorsak", "root cause"),
    Text("hinder", "barriers"),
    Text("plattformar", "platforms"),
    Text("kommuner", "municipalities"),
    Text("projekt", "projects"),
    Text("kr", "SEK"),
    Text("ISM-nivå", "ISM level"),
    Text("MICMAC", "MICMAC"),
    Text("stabilitet", "stability"),
)
