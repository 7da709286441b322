"""``natgraph search``: things by their labels, in the terminal."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from natgraph.build import write_atomically
from natgraph.cached import checked
from natgraph.paths import RootFinder
from natgraph.search import Found, Index, build_index, read_rows
from natgraph.terms import BASE

_WIDE = 400


@click.command("search")
@click.argument("text")
@click.option("--type", "type_", help="Only things of this record type (barrier, project …) or class.")
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def search_command(find: RootFinder, /, text: str, type_: str | None, lang: str, **options: Any) -> None:
    """Find things whose labels hold all words of TEXT, also as parts of compounds; best first."""
    dataset = checked(find(), report=lambda line: click.echo(line, err=True))
    with TemporaryDirectory(prefix="natgraph-") as folder:
        graph, labels = Path(folder, "graph.nq"), Path(folder, "graph.labels")
        write_atomically(dataset.nquads, graph)
        build_index(read_rows(graph), labels)
        index = Index(labels, dataset.version)
        try:
            found = index.find(text, type_, lang, options["limit"])
        finally:
            index.close()
    _print_json(found) if options["as_json"] else _print_table(found, lang)


def _print_json(found: Found) -> None:
    click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))


def _print_table(found: Found, lang: str) -> None:
    heads = ("namn", "typ", "träff", "IRI") if lang == "sv" else ("label", "type", "match", "IRI")
    table = Table(*heads)
    for hit in found.hits:
        other = f" ({hit.matched})" if hit.matched != hit.label else ""
        table.add_row(hit.label + other, hit.type or "", hit.match, hit.iri.removeprefix(BASE))
    console = Console(
        width=None if sys.stdout.isatty() else _WIDE, markup=False, highlight=False, emoji=False
    )
    console.print(table)
    more = "" if found.exact else ("minst " if lang == "sv" else "at least ")
    console.print(f"{len(found.hits)} / {more}{found.total}")
