"""What a client asks: the query, the dataset it names, and the formats it takes."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from natgraph.bindings import Bindings, told, with_values, without_values


@dataclass(frozen=True)
class Request:
    """A query, its dataset (graph IRIs by the protocol; empty: the query's own or the store's), formats.

    ``results`` and ``graph`` name the format for each kind of result, or None if the client takes none.
    ``bindings`` are the terms for the query's parameters, all of them or none (``natgraph.bindings``).
    """

    query: str
    results: str | None = "json"
    graph: str | None = "ttl"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Bindings = ()

    @cached_property
    def text(self) -> str:
        """The query with its bindings as text, which asks the same of any store."""
        return with_values(self.query, self.bindings)

    def message(self) -> bytes:
        """What a worker is told."""
        return json.dumps(
            {
                "query": without_values(self.query, self.bindings),
                "bindings": told(self.bindings),
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
            json.dumps(told(self.bindings)),
            self.results or "",
            self.graph or "",
            *self.default_graphs,
            "",
            *self.named_graphs,
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()
