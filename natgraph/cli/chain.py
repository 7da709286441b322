"""``natgraph chain``: a barrier's chain as a tree in the terminal."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click
from rich.console import Console
from rich.text import Text as RichText
from rich.tree import Tree

from natgraph.build import build
from natgraph.chains import Branch, ChainIndex, Language, Text, Tried, Way, grow, read_index, select_from
from natgraph.paths import RootFinder
from natgraph.store import load

_WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "stated": "källan säger",
        "derived": "vår slutsats",
        "root": "grundorsak",
        "last": "sista verkan",
        "loop": "kedjan sluts här: står redan ovanför",
        "repeated": "visas i sin helhet på annan plats i trädet",
        "causes": "orsakas av",
        "reinforces": "förstärks av",
        "causes>": "orsakar",
        "reinforces>": "förstärker",
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
        "loop": "the chain closes here: it stands above",
        "repeated": "shown in full elsewhere in the tree",
        "causes": "caused by",
        "reinforces": "reinforced by",
        "causes>": "causes",
        "reinforces>": "reinforces",
        "law": "law",
        "actor": "can act",
        "measure": "tried",
        "source": "source",
    },
}


@click.command("chain")
@click.argument("slug")
@click.option("--direction", type=click.Choice(["causes", "effects"]), default="causes", show_default=True)
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@click.pass_obj
def chain_command(find: RootFinder, slug: str, direction: Way, lang: Language) -> None:
    """Show what lies behind the barrier SLUG (or, with --direction effects, what it leads to)."""
    dataset = build(find())
    index = read_index(select_from(load(dataset.nquads)), dataset.version)
    branch = grow(index, slug, direction)
    wide = None if sys.stdout.isatty() else 200
    console = Console(width=wide, highlight=False, emoji=False)
    console.print(_Drawer(index, lang, direction).draw(branch))


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
