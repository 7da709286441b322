"""What a server is started with; nothing is read from global state."""

from dataclasses import dataclass, field

from natgraph.engine import Limits
from natgraph.remote.endpoint import Endpoint
from natgraph.store import Snapshot


@dataclass(frozen=True)
class Settings:
    """The graph to serve (a snapshot, or a store elsewhere), what the server is called, the limits to keep.

    ``version`` is the data version of a snapshot (a store elsewhere tells its own); ``public_url`` is the
    only source of absolute addresses (never the request's Host header); ``ours`` says whether it is
    natgraph's own data, with figures on the front page; ``rate`` is how many requests a minute one address
    may send (None: any number).
    """

    store: Snapshot | Endpoint
    version: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    limits: Limits = field(default_factory=Limits)
    ours: bool = True
    rate: int | None = None
