"""``natgraph query``: a SPARQL query over the real graph, as a table, CSV or JSON."""

import sys
from pathlib import Path
from typing import Any

import click
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store
from rich.console import Console
from rich.table import Table

from natgraph.bindings import without_values
from natgraph.build import build
from natgraph.formats import GRAPHS, RESULTS, by_name, write
from natgraph.library import all_canned, canned
from natgraph.parameters import LISTING, Kind, bind, wanted
from natgraph.paths import RootFinder
from natgraph.queries import rows, run
from natgraph.store import load
from natgraph.terms import BASE

Results = QuerySolutions | QueryBoolean | QueryTriples


@click.command("query")
@click.argument("query", required=False)
@click.option("--param", "given", multiple=True, metavar="NAME=VALUE", help="For a canned query; repeatable.")
@click.option("--list", "as_list", is_flag=True, help="List the canned queries and their parameters.")
@click.option("--lang", type=click.Choice(["sv", "en"]), help="The same as --param lang=…; of the list too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld", "rdf"]),
)
@click.pass_obj
def query_command(
    find: RootFinder, /, query: str | None, given: tuple[str, ...], form: str | None, **options: Any
) -> None:
    """Run QUERY: the name of a canned query, or a file (.rq, or - for standard input).

    A canned query takes its parameters by --param, such as --param barrier=reuse-hard-to-scale. CONSTRUCT and
    DESCRIBE give Turtle.
    """
    if options["as_list"]:
        _print_list(options["lang"] or "sv")
        return
    if query is None:
        raise click.UsageError("Name a canned query (see --list) or a file.")
    _print(_results(load(build(find()).nquads), query, _values(given, options["lang"])), form)


def _results(store: Store, query: str, values: dict[str, str]) -> Results:
    """The results of a file, or of a canned query with these values."""
    if query == "-" or Path(query).is_file():
        if values:
            raise click.UsageError("Only a canned query has parameters.")
        return run(store, sys.stdin.read() if query == "-" else Path(query).read_text(encoding="utf-8"))
    if "/" in query or query.endswith(".rq"):
        raise click.UsageError(f"There is no file {query}.")
    found = canned(query)
    known = {name: _things(store, kind) for name, kind in wanted(found.parameters).items()}
    bindings = bind(found.parameters, values, known)
    return run(store, without_values(found.text, bindings), dict(bindings))


def _things(store: Store, kind: Kind) -> list[str]:
    asked = [rows(store, without_values(LISTING, among), dict(among)) for among in kind.among]
    return [row["thing"] for found in asked for row in found]


def _values(given: tuple[str, ...], lang: str | None) -> dict[str, str]:
    values = {"lang": lang} if lang else {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"Write a parameter as NAME=VALUE, not {text}.")
        values[name] = value
    return values


def _print(results: Results, form: str | None) -> None:
    if isinstance(results, QuerySolutions) and form in (None, "table"):
        _print_table(results)
        return
    among = GRAPHS if isinstance(results, QueryTriples) else RESULTS
    chosen = among[0] if form in (None, "table") else by_name(form, among)
    if chosen is None:
        raise click.UsageError(f"This result comes as {', '.join(f.name for f in among)}.")
    sys.stdout.buffer.write(write(results, chosen))


def _print_list(lang: str) -> None:
    table = Table(
        *(("fråga", "svarar på", "parametrar") if lang == "sv" else ("query", "answers", "parameters"))
    )
    for query in all_canned():
        needed = (p.name if p.default is None else f"[{p.name}={p.default}]" for p in query.parameters)
        table.add_row(query.name, query.title[lang], " ".join(needed))
    _console().print(table)


def _print_table(solutions: QuerySolutions) -> None:
    names = [v.value for v in solutions.variables]
    table = Table(*names)
    for solution in solutions:
        table.add_row(*(_cell(solution[name]) for name in names))
    console = _console()
    console.print(table)
    console.print(f"{table.row_count} rows")


def _console() -> Console:
    wide = None if sys.stdout.isatty() else 400
    return Console(width=wide, markup=False, highlight=False, emoji=False)


def _cell(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term)).removeprefix(BASE)
