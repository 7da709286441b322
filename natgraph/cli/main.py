"""The group of commands, and the one place where errors become messages and exit codes.

Exit codes: 0 all is well; 1 the checks found something; 2 it could not be done (bad file, bad query …).
"""

import sys
from pathlib import Path
from typing import Any

import click

from natgraph import __version__
from natgraph.cli.backup import backup_command, restore_command
from natgraph.cli.build import build_command
from natgraph.cli.chains import COMMANDS as CHAINS
from natgraph.cli.check import check_command
from natgraph.cli.fmt import fmt_command
from natgraph.cli.import_ import import_command
from natgraph.cli.publish import publish_command
from natgraph.cli.query import query_command
from natgraph.cli.report import report_command
from natgraph.cli.search import search_command
from natgraph.cli.serve import serve_command
from natgraph.errors import NatgraphError
from natgraph.paths import find_root


class _Group(click.Group):
    """A group that says what natgraph itself reports without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NatgraphError as error:
            click.echo(f"natgraph: {error}", err=True)
            sys.exit(2)


@click.group(cls=_Group)
@click.option("--root", type=click.Path(path_type=Path), help="Folder with ontology/, data/ and shapes/.")
@click.version_option(__version__, prog_name="natgraph")
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """Linked open data on municipal innovation platforms and the policy barriers they meet."""
    ctx.obj = lambda: find_root(root)


for command in (
    backup_command,
    build_command,
    check_command,
    fmt_command,
    import_command,
    publish_command,
    query_command,
    report_command,
    restore_command,
    search_command,
    serve_command,
    *CHAINS,
):
    main.add_command(command)
