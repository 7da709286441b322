"""``natgraph what-if`` and ``natgraph smallest-change``: what opens if something goes, and what has to go."""

from typing import Any

import click

from natgraph.chains import Language, SmallestChange, Text, WhatIf, smallest_change, what_if
from natgraph.chains.smallest import LEVELS, SETS, Smallest
from natgraph.cli.chains.asking import following, index_of, print_json, speaking
from natgraph.cli.chains.speech import Speech
from natgraph.paths import RootFinder
from natgraph.terms import iri


@click.command("what-if")
@click.argument("remove", nargs=-1, required=True)
@following
@speaking
@click.pass_obj
def what_if_command(
    find: RootFinder, /, remove: tuple[str, ...], lang: Language, as_json: bool, **followed: Any
) -> None:
    """Say what opens if REMOVE goes: barriers, links, acts or provisions, by slug, type/slug or IRI."""
    found = what_if(index_of(find), map(iri, remove), **followed)
    print_json(found) if as_json else _show(found, Speech(lang))


def _show(found: WhatIf, speech: Speech) -> None:
    speech.heading(Text("Utan", "Without"))
    speech.print(speech.names(found.removed))
    for title, outcomes in (
        (Text("Öppnas", "Opens"), found.of("opens")),
        (Text("Kan öppnas", "May open"), found.of("may-open")),
        (Text("Påverkas inte", "Unaffected"), found.of("unaffected")),
    ):
        speech.heading(title, len(outcomes))
        for outcome in outcomes:
            speech.tree(speech.name(outcome.barrier), [speech.say(outcome.reading)])
    speech.heading(Text("Antaganden", "Assumptions"))
    for assumption in found.assumptions:
        speech.print(f"- {speech.say(assumption)}")
    speech.end(found.how, found.derived_share)


@click.command("smallest-change")
@click.argument("goal")
@click.option(
    "--removable", multiple=True, help="What may go (again for more); else what a known actor can remove."
)
@click.option("--anyone", is_flag=True, help="Take every barrier behind the goal for removable.")
@click.option(
    "--price",
    "prices",
    type=(click.Choice(LEVELS), click.IntRange(1)),
    multiple=True,
    help="Price of acting at a level.",
)
@click.option("--max-sets", type=click.IntRange(1, 100), default=SETS, show_default=True)
@following
@speaking
@click.pass_obj
def smallest_change_command(
    find: RootFinder, /, goal: str, lang: Language, as_json: bool, **options: Any
) -> None:
    """Find the smallest sets of things that surely open the barrier GOAL when they go."""
    options["prices"] = dict(options["prices"])
    options["removable"] = [iri(given) for given in options["removable"]] or None
    found = smallest_change(index_of(find), iri(goal), **options)
    print_json(found) if as_json else _show_smallest(found, Speech(lang))


def _show_smallest(found: SmallestChange, speech: Speech) -> None:
    speech.heading(found.goal.name)
    if found.why:
        speech.print(speech.say(found.why))
        speech.tree(speech.say(Text("Håller det uppe", "Keeps it up")), map(speech.name, found.holding))
    speech.table(_HEADS, [_row(change, speech) for change in found.changes])
    for bound in found.bounds:
        speech.print(f"{speech.say(_BOUND)}: {speech.say(bound.what)}, {bound.limit}")
    speech.end(found.how)


def _row(change: Smallest, speech: Speech) -> tuple[object, ...]:
    removed = speech.names(removable.thing for removable in change.removed)
    return removed, change.cost, ", ".join(filter(None, change.levels)), speech.names(change.actors)


_BOUND = Text("Gräns nådd", "Limit met")
_HEADS = (
    Text("tas bort", "goes"),
    Text("kostnad", "cost"),
    Text("nivåer", "levels"),
    Text("vem", "who"),
)
