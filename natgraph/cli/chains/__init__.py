"""Barrier chains in the terminal: a module a question, all from the same library as the web's answers."""

from natgraph.cli.chains.chain import chain_command
from natgraph.cli.chains.change import smallest_change_command, what_if_command
from natgraph.cli.chains.compare import compare_command
from natgraph.cli.chains.gaps import gaps_command
from natgraph.cli.chains.history import stalled_command, timeline_command
from natgraph.cli.chains.roots import roots_command
from natgraph.cli.chains.who import who_command

COMMANDS = (
    chain_command,
    compare_command,
    gaps_command,
    roots_command,
    smallest_change_command,
    stalled_command,
    timeline_command,
    what_if_command,
    who_command,
)

__all__ = ["COMMANDS"]
