"""``natgraph who``: who can act."""

from collections.abc import Iterator
from typing import Any

import click

from natgraph.chains import ChainIndex, Language, Text, WhoCanAct, who_can_act
from natgraph.chains.act import Line, Share
from natgraph.cli.chains.asking import following, index_of, print_json, speaking
from natgraph.cli.chains.speech import Speech
from natgraph.paths import RootFinder
from natgraph.terms import iri


@click.command("who")
@click.argument("scope")
@click.option("--only-met", is_flag=True, help="Not what lies behind.")
@following
@speaking
@click.pass_obj
def who_command(
    find: RootFinder, /, scope: str, only_met: bool, lang: Language, as_json: bool, **followed: Any
) -> None:
    """Say who can act on SCOPE and its causes.

    SCOPE is a barrier, or a municipality (place), organisation or platform with what it met: a slug,
    type/slug or IRI.
    """
    index = index_of(find)
    found = who_can_act(index, iri(scope), behind=not only_met, **followed)
    print_json(found) if as_json else _show(index, found, Speech(lang))


def _show(index: ChainIndex, found: WhoCanAct, speech: Speech) -> None:
    speech.heading(found.scope.name)
    speech.print(speech.say(found.sentence))
    speech.table(_HEADS, _shares(found))
    speech.heading(_LINES, len(found.lines))
    for line in found.lines:
        speech.tree(speech.name(line.barrier), _details(index, line, speech))
    speech.end(found.how, found.derived_share)


def _shares(found: WhoCanAct) -> Iterator[tuple[object, ...]]:
    kinds: tuple[tuple[Text, list[Share]], ...] = (
        (Text("kan undanröja", "can remove"), list(found.needs)),
        (Text("kan påverka", "can influence"), list(found.influenced_by)),
        (Text("ska höras", "has to be consulted"), list(found.consult)),
        (Text("lag som skulle behöva ändras", "law that would have to change"), list(found.acts)),
    )
    for what, shares in kinds:
        for share in shares:
            yield what, share.thing, len(share.barriers)


def _details(index: ChainIndex, line: Line, speech: Speech) -> Iterator[str]:
    for claim in line.claims:
        yours = f" ({speech.say(_YOURS)})" if claim.yours else ""
        can = speech.say(index.concept("power", claim.power))
        yield f"{speech.name(claim.actor)}{yours}: {can} {speech.mark(claim.stated)}"
    for law in line.laws:
        yield f"{speech.say(_LAW)}: {speech.name(law)}"
    if line.steps:
        yield f"{speech.say(_LEADS)}: {speech.route(line.steps)}"
    yield from speech.sources([*line.sources, *(s for c in line.claims for s in c.sources)])


_HEADS = (Text("vad", "what"), Text("vem eller vilken", "who or which"), Text("hinder", "barriers"))
_LINES = Text("Hindren", "The barriers")
_YOURS, _LAW, _LEADS = Text("ni", "you"), Text("lag", "law"), Text("leder till", "leads to")
