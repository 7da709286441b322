"""What a server is started with; nothing is read from global state."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What the server is called and how it treats those who ask.

    ``public_url`` is the only source of absolute addresses (never the
    request's Host header); ``ours`` says whether it is natgraph's own data, with figures on the front page;
    ``rate`` is how many requests a minute one address may send (None: any number); ``query_log`` is the file
    in which queries are noted, without addresses (None: they are not).
    """

    public_url: str = "http://127.0.0.1:8000"
    ours: bool = True
    rate: int | None = None
    query_log: Path | None = None
