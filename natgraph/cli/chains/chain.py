"""``natgraph chain``: a barrier's chain as a tree in the terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click
from rich.text import Text as RichText
from rich.tree import Tree

from natgraph.chains import (
    FORMATS,
    Branch,
    ChainIndex,
    Direction,
    Language,
    Text,
    Tried,
    Way,
    export,
    grow,
    trace,
)
from natgraph.cli.chains.asking import following, index_of, print_json, speaking
from natgraph.cli.chains.speech import Speech
from natgraph.paths import RootFinder
from natgraph.terms import iri

_WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "stated": "källan säger",
        "derived": "vår slutsats",
        "root": "grundorsak",
        "last": "sista verkan",
        "cut": "fortsätter",
        "loop": "kedjan sluts här: står redan ovanför",
        "repeated": "visas i sin helhet på annan plats i trädet",
        "causes": "orsakas av",
        "reinforces": "förstärks av",
        "part-of": "har som del",
        "causes>": "orsakar",
        "reinforces>": "förstärker",
        "part-of>": "är en del av",
        "law": "lag",
        "actor": "kan agera",
        "measure": "prövat",
        "source": "källa",
    },
    "en": {
        "stated": "the source says so",
        "derived": "our conclusion",
        "root": "root cause",
        "last": "last effect",
        "cut": "goes on",
        "loop": "the chain closes here: it stands above",
        "repeated": "shown in full elsewhere in the tree",
        "causes": "caused by",
        "reinforces": "reinforced by",
        "part-of": "has as a part",
        "causes>": "causes",
        "reinforces>": "reinforces",
        "part-of>": "is a part of",
        "law": "law",
        "actor": "can act",
        "measure": "tried",
        "source": "source",
    },
}


@click.command("chain")
@click.argument("barrier")
@click.option(
    "--direction", type=click.Choice(["causes", "effects", "both"]), default="causes", show_default=True
)
@click.option("--depth", type=click.IntRange(0), help="How many links far; else to the ends.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="Export instead of a tree.")
@following
@speaking
@click.pass_obj
def chain_command(
    find: RootFinder,
    /,
    barrier: str,
    direction: Direction,
    lang: Language,
    form: str | None,
    **options: Any,
) -> None:
    """Show what lies behind BARRIER (or, with --direction effects, what it leads to): a slug or IRI.

    --json gives paths, loops and limits too; --format the chain alone.
    """
    index, barrier, as_json = index_of(find), iri(barrier), options.pop("as_json")
    if form or as_json:
        found = trace(index, barrier, direction, **options)
        click.echo(export(found.chain, form, lang)) if form else print_json(found)
        return
    ways: tuple[Way, ...] = ("causes", "effects") if direction == "both" else (direction,)
    for way in ways:
        Speech(lang).print(_Drawer(index, lang, way).draw(grow(index, barrier, way, **options)))


@dataclass(frozen=True)
class _Drawer:
    """Draws in one language."""

    index: ChainIndex
    lang: Language
    way: Way

    def draw(self, branch: Branch) -> Tree:
        tree = Tree(self._headline(branch))
        if not (branch.loop or branch.repeated):
            for line in self._details(branch):
                tree.add(RichText(line, style="dim"))
        for below in branch.branches:
            tree.children.append(self.draw(below))
        return tree

    def _headline(self, branch: Branch) -> RichText:
        words = _WORDS[self.lang]
        text = RichText()
        if branch.step:
            verb = words[branch.step.kind + (">" if self.way == "effects" else "")]
            mark = words["stated" if branch.step.stated else "derived"]
            text.append(f"{verb} [{mark}] ", style="green" if branch.step.stated else "yellow")
        text.append(self._name(branch.barrier.name), style="bold")
        if branch.is_end:
            text.append(f" ◼ {words['root' if self.way == 'causes' else 'last']}", style="red")
        if branch.cut:
            text.append(f" … {words['cut']}", style="dim")
        if branch.loop or branch.repeated:
            text.append(f" ↺ {words['loop']}" if branch.loop else f" ↑ {words['repeated']}", style="dim")
        return text

    def _details(self, branch: Branch) -> Iterator[str]:
        words, facts, barrier = _WORDS[self.lang], self.index.facts, branch.barrier.iri
        for law in facts.related("groundedIn", barrier):
            number = "".join(f" ({n})" for n in facts.related("identifier", law)[:1])
            yield f"{words['law']}: {self._named(law)}{number}"
        for power in facts.powers.get(barrier, ()):
            mark = words["stated" if power.stated else "derived"]
            can = self._name(self.index.concept("power", power.power))
            yield f"{words['actor']}: {self._named(power.actor)}, {can} [{mark}]"
        for tried in facts.measures.get(barrier, ()):
            yield f"{words['measure']}: {self._named(tried.measure)} ({self._tried(tried)})"
        for address in self._addresses(branch):
            yield f"{words['source']}: {address}"

    def _tried(self, tried: Tried) -> str:
        parts = [self._name(self.index.concept("effect-kind", tried.effect))]
        if tried.status:
            parts.append(self._name(self.index.concept("measure-status", tried.status)))
        return ", ".join([*parts, *filter(None, [tried.stated])])

    def _addresses(self, branch: Branch) -> list[str]:
        """Where the barrier, and the step to it, are found; each address once."""
        sources = [*self.index.sources(branch.barrier.iri), *(branch.step.sources if branch.step else ())]
        return list(dict.fromkeys(source.address for source in sources))

    def _named(self, iri: str) -> str:
        return self._name(self.index.thing(iri).name)

    def _name(self, text: Text) -> str:
        return text.sv if self.lang == "sv" else text.en
