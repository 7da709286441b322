"""``natgraph query``: a SPARQL query over the real graph, as a table, CSV or JSON."""

import sys
from pathlib import Path

import click
from pyoxigraph import QuerySolutions, QueryTriples
from rich.console import Console
from rich.table import Table

from natgraph.build import build
from natgraph.formats import GRAPHS, RESULTS, by_name, write
from natgraph.paths import RootFinder
from natgraph.queries import run
from natgraph.store import load
from natgraph.terms import BASE


@click.command("query")
@click.argument("file", type=click.Path(exists=True, allow_dash=True, dir_okay=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld", "rdf"]),
)
@click.pass_obj
def query_command(find: RootFinder, file: str, form: str | None) -> None:
    """Run the query in FILE (.rq, or - for standard input). CONSTRUCT and DESCRIBE give Turtle."""
    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    results = run(load(build(find()).nquads), text)
    if isinstance(results, QuerySolutions) and form in (None, "table"):
        _print_table(results)
        return
    among = GRAPHS if isinstance(results, QueryTriples) else RESULTS
    chosen = among[0] if form in (None, "table") else by_name(form, among)
    if chosen is None:
        raise click.UsageError(f"This result comes as {', '.join(f.name for f in among)}.")
    sys.stdout.buffer.write(write(results, chosen))


def _print_table(solutions: QuerySolutions) -> None:
    names = [v.value for v in solutions.variables]
    table = Table(*names)
    for solution in solutions:
        table.add_row(*(_cell(solution[name]) for name in names))
    wide = None if sys.stdout.isatty() else 400
    console = Console(width=wide, markup=False, highlight=False, emoji=False)
    console.print(table)
    console.print(f"{table.row_count} rows")


def _cell(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term)).removeprefix(BASE)
