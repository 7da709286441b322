"""What a server is started with; nothing is read from global state."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The graph to serve and the limits to keep.

    ``graph`` is a file of canonical N-Quads, ``version`` its SHA-256; ``seconds`` is a query's time limit
    (wall clock), ``workers`` the number of processes that answer queries, ``max_query`` the size of a
    query in bytes.
    """

    graph: Path
    version: str
    workers: int = 2
    seconds: float = 20.0
    max_query: int = 1_000_000
