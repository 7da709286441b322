"""``natgraph report``: what the data says, as ``docs/findings.md`` and ``docs/findings.sv.md``."""

import sys
from pathlib import Path

import click

from natgraph.build import write_atomically
from natgraph.cached import checked
from natgraph.paths import RootFinder
from natgraph.report import pages
from natgraph.store import load


@click.command("report")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a page is stale.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the pages are; else docs/ of the root.",
)
@click.pass_obj
def report_command(find: RootFinder, only_check: bool, folder: Path | None) -> None:
    """Write what the data says: the findings, in English and Swedish, made anew from the graph."""
    root = find()
    into = folder or root.folder / "docs"
    dataset = checked(root, report=lambda line: click.echo(line, err=True))
    made = pages(load(dataset.nquads), dataset.version)
    stale = [into / file for file, text in made.items() if _text(into / file) != text]
    for path in stale:
        if not only_check:
            into.mkdir(parents=True, exist_ok=True)
            write_atomically(made[path.name].encode(), path)
        click.echo(f"{root.name(path)} {'is stale: run natgraph report' if only_check else 'is written'}")
    if not stale:
        click.echo("The findings are up to date.")
    if stale and only_check:
        sys.exit(1)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
