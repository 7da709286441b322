"""``python -m natgraph`` is ``natgraph``."""

from natgraph.cli import main

main()
