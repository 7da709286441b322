"""What a server is started with; nothing is read from global state."""

from dataclasses import dataclass, field
from pathlib import Path

from natgraph.engine import Limits


@dataclass(frozen=True)
class Settings:
    """The graph to serve, what the server is called, and the limits to keep.

    ``graph`` is a file of canonical N-Quads, ``version`` its SHA-256; ``public_url`` is the only source of
    absolute addresses (never the request's Host header).
    """

    graph: Path
    version: str
    public_url: str = "http://127.0.0.1:8000"
    limits: Limits = field(default_factory=Limits)
