"""What a client asks: the query, the dataset it names, and the formats it takes."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Request:
    """A query, its dataset (graph IRIs by the protocol; empty: the query's own or the store's), formats.

    ``results`` and ``graph`` name the format for each kind of result, or None if the client takes none.
    """

    query: str
    results: str | None = "json"
    graph: str | None = "ttl"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def message(self) -> bytes:
        """What a worker is told."""
        return json.dumps(
            {
                "query": self.query,
                "results": self.results,
                "graph": self.graph,
                "default_graphs": self.default_graphs,
                "named_graphs": self.named_graphs,
            }
        ).encode()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that the answer depends on, apart from the data."""
        parts = (
            self.query,
            self.results or "",
            self.graph or "",
            *self.default_graphs,
            "",
            *self.named_graphs,
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()
