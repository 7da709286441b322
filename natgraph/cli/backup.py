"""``natgraph backup`` and ``natgraph restore``: what was written to a server, as one file."""

from pathlib import Path

import click

from natgraph.writes.backup import backup, restore

_STATE = click.option(
    "--state", required=True, type=click.Path(path_type=Path, file_okay=False), help="The server's folder."
)


@click.command("backup")
@_STATE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_command(state: Path, file: Path) -> None:
    """Write what was written to a server, and its log, to FILE. The server may run meanwhile."""
    digest = backup(state, file)
    click.echo(f"{file}: {file.stat().st_size} bytes; SHA-256 of the database {digest}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_STATE
@click.option("--force", is_flag=True, help="Replace what the folder holds.")
def restore_command(file: Path, state: Path, force: bool) -> None:
    """Put the backup in FILE into an empty folder. It is checked first; no server may run meanwhile."""
    restore(file, state, force=force)
    click.echo(f"{state}: restored from {file}")
