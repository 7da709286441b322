"""``python -m natgraph.search NQUADS TARGET`` makes an index in a process of its own, after others' work."""

import os
import signal
import sys
from pathlib import Path

from natgraph.search.build import build_index
from natgraph.search.labels import read_rows


def main() -> None:
    """Read the file named first and write the index named second."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when to end
    os.nice(10)
    build_index(read_rows(Path(sys.argv[1])), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
