"""``natgraph fmt``: record files in their one canonical layout."""

from pathlib import Path

import click

from natgraph.build import write_atomically
from natgraph.layout import write
from natgraph.paths import RootFinder
from natgraph.read import read_records


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 if a file would change.")
@click.pass_obj
def fmt_command(find: RootFinder, paths: tuple[Path, ...], only_check: bool) -> None:
    """Write record files (all, or those in PATHS) in the canonical layout. Comments are not kept."""
    files = [f for p in paths or (find().data,) for f in (sorted(p.rglob("*.trig")) if p.is_dir() else [p])]
    untidy = [(f, text) for f in files if (text := write(read_records([f]))) != f.read_text(encoding="utf-8")]
    for path, text in untidy:
        click.echo(f"{path}: {'is not in the canonical layout' if only_check else 'written anew'}")
        if not only_check:
            write_atomically(text.encode(), path)
    if only_check and untidy:
        click.echo(f"{len(untidy)} file(s) to mend: run `natgraph fmt`.", err=True)
        raise click.exceptions.Exit(1)
