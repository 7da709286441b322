"""What the commands about chains have in common: the index, their options, and how they end."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import click

from natgraph.cached import checked
from natgraph.chains import ChainIndex, plain, read_index, select_from
from natgraph.chains.things import KINDS, Kind
from natgraph.paths import RootFinder
from natgraph.store import load

Command = Callable[..., Any]


def index_of(find: RootFinder) -> ChainIndex:
    """The index of the checked graph."""
    dataset = checked(find(), report=lambda line: click.echo(line, err=True))
    return read_index(select_from(load(dataset.nquads)), dataset.version)


def speaking(command: Command) -> Command:
    """The options of every command: the language, and JSON instead of words."""
    command = click.option("--json", "as_json", is_flag=True, help="All of it as JSON, in both languages.")(
        command
    )
    return click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)(command)


def following(command: Command) -> Command:
    """The options that say which links a chain follows."""
    command = click.option("--stated-only", is_flag=True, help="Leave out what the editors concluded.")(
        command
    )
    return click.option(
        "--relations",
        default="causes,reinforces",
        show_default=True,
        callback=_relations,
        help="Relations that are followed, with commas between; part-of only if named.",
    )(command)


def print_json(result: object) -> None:
    """Print a result as JSON."""
    click.echo(json.dumps(plain(result), ensure_ascii=False, indent=2))


def _relations(_: click.Context, __: click.Parameter, value: str) -> Sequence[Kind]:
    given = [part.strip() for part in value.split(",")]
    for part in given:
        if part not in KINDS:
            raise click.BadParameter(f"{part} is none of {', '.join(KINDS)}.")
    return [kind for kind in KINDS if kind in given]
