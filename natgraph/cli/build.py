"""``natgraph build``: files to the canonical dataset."""

from pathlib import Path

import click

from natgraph.build import build, write_atomically
from natgraph.paths import RootFinder


@click.command("build")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the N-Quads here.")
@click.pass_obj
def build_command(find: RootFinder, output: Path | None) -> None:
    """Make the canonical dataset (sorted N-Quads) and print its version (SHA-256) and size."""
    dataset = build(find())
    if output:
        write_atomically(dataset.nquads, output)
    quads = dataset.nquads.count(b"\n")
    click.echo(f"{dataset.version}  {quads} quads" + (f"  {output}" if output else ""))
