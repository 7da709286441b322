"""The command line: ``natgraph COMMAND``."""

from natgraph.cli.main import main

__all__ = ["main"]
