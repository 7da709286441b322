"""What a server is started with; nothing is read from global state."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What the server is called and how it treats those who ask.

    ``public_url`` is the only source of absolute addresses (never the
    request's Host header); ``ours`` says whether it is natgraph's own data, with figures on the front page;
    ``rate`` is how many requests a minute one address may send (None: any number).
    """

    public_url: str = "http://127.0.0.1:8000"
    ours: bool = True
    rate: int | None = None
