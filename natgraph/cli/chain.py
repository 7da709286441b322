"""``natgraph chain``: a barrier's chain as a tree in the terminal."""

import sys
from collections.abc import Iterator

import click
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from natgraph.build import build
from natgraph.chains import Branch, Direction, Network, grow, read_network
from natgraph.chains.network import Language, Row, local
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
def chain_command(find: RootFinder, slug: str, direction: Direction, lang: Language) -> None:
    """Show what lies behind the barrier SLUG (or, with --direction effects, what it leads to)."""
    network = read_network(load(build(find()).nquads))
    branch = grow(network, network.barrier(slug), direction)
    wide = None if sys.stdout.isatty() else 200
    console = Console(width=wide, highlight=False, emoji=False)
    console.print(_draw(branch, network, lang, direction))


def _draw(branch: Branch, network: Network, lang: Language, direction: Direction) -> Tree:
    tree = Tree(_headline(branch, network, lang, direction))
    if not (branch.loop or branch.repeated):
        for line in _details(branch, network, lang):
            tree.add(Text(line, style="dim"))
    for below in branch.branches:
        tree.children.append(_draw(below, network, lang, direction))
    return tree


def _headline(branch: Branch, network: Network, lang: Language, direction: Direction) -> Text:
    words = _WORDS[lang]
    text = Text()
    if branch.claim:
        verb = words[branch.claim.kind + (">" if direction == "effects" else "")]
        mark = words["stated" if branch.claim.stated else "derived"]
        text.append(f"{verb} [{mark}] ", style="green" if branch.claim.stated else "yellow")
    text.append(network.name(branch.barrier, lang), style="bold")
    if branch.is_end:
        text.append(f" ◼ {words['root' if direction == 'causes' else 'last']}", style="red")
    if branch.loop or branch.repeated:
        text.append(f" ↺ {words['loop']}" if branch.loop else f" ↑ {words['repeated']}", style="dim")
    return text


def _details(branch: Branch, network: Network, lang: Language) -> Iterator[str]:
    words, barrier = _WORDS[lang], branch.barrier
    for row in network.laws.get(barrier, ()):
        number = f" ({row['number']})" if "number" in row else ""
        yield f"{words['law']}: {network.name(row['law'], lang)}{number}"
    for row in network.actors.get(barrier, ()):
        mark = words["stated" if local(row["confidence"]) == "stated" else "derived"]
        who, power = network.name(row["actor"], lang), network.name(row["power"], lang)
        yield f"{words['actor']}: {who}, {power} [{mark}]"
    for row in network.measures.get(barrier, ()):
        yield f"{words['measure']}: {network.name(row['measure'], lang)} ({_tried(row, network, lang)})"
    for address in _addresses(branch, network):
        yield f"{words['source']}: {address}"


def _tried(row: Row, network: Network, lang: Language) -> str:
    parts = [network.name(row["effect"], lang)]
    if "status" in row:
        parts.append(network.name(row["status"], lang))
    if "year" in row:
        parts.append(row["year"])
    return ", ".join(parts)


def _addresses(branch: Branch, network: Network) -> list[str]:
    """Where the barrier, and the step to it, are found; each address once."""
    things = [branch.barrier, *([branch.claim.iri] if branch.claim else [])]
    return list(dict.fromkeys(row["address"] for t in things for row in network.sources.get(t, ())))
