"""What was written, as statements added to and removed from what is published.

Published statements that nobody has removed stay visible when more is published later. A graph with blank
nodes cannot be compared statement by statement; it is kept whole.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import RdfFormat, parse

from natgraph.errors import StateBroken, WriteRefused
from natgraph.writes.graphs import Graphs, has_blank, node, statements


@dataclass(frozen=True)
class GraphChange:
    """What one write does to one graph; ``content`` is all of it afterwards if it is to be kept whole.

    ``new`` says that the graph was not there, ``gone`` that it is no more.
    """

    graph: str
    added: frozenset[str]
    removed: frozenset[str]
    new: bool = False
    gone: bool = False
    content: frozenset[str] | None = None


@dataclass(frozen=True)
class Patch:
    """What is written to one graph: statements added and removed, or (``whole``) all that is in it."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    whole: bool = False

    def after(self, change: GraphChange) -> "Patch":
        """The patch and then a change; a statement that comes and goes leaves no trace."""
        if change.content is not None:
            return Patch(change.content, whole=True)
        if self.whole:
            return Patch((self.added - change.removed) | change.added, whole=True)
        return Patch(
            (self.added - change.removed) | (change.added - self.removed),
            (self.removed - change.added) | (change.removed - self.added),
        )

    def over(self, published: frozenset[str]) -> "Patch":
        """What of this patch still makes a difference to a graph as published."""
        if self.whole:
            return self if self.added or published else Patch()
        return Patch(self.added - published, self.removed & published)

    def applied(self, published: frozenset[str]) -> frozenset[str]:
        """The graph as it is with this patch."""
        return self.added if self.whole else (published - self.removed) | self.added


@dataclass(frozen=True)
class Overlay:
    """All that is written over what is published: graph → patch.

    ``base`` is the data version of what is published, ``version`` that of what is served with the overlay.
    """

    patches: Mapping[str, Patch] = field(default_factory=dict)
    version: str | None = None
    base: str | None = None

    def to_json(self) -> str:
        """The overlay as a document for exchange; statements are N-Triples texts."""
        graphs = [
            {"graph": g, "whole": p.whole, "added": _lines(p.added), "removed": _lines(p.removed)}
            for g, p in sorted(self.patches.items())
        ]
        document = {"kind": _KIND, "version": self.version, "base": self.base, "graphs": graphs}
        return json.dumps(document, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Overlay":
        """The overlay that ``to_json`` wrote; raises StateBroken for anything else."""
        try:
            document = json.loads(text)
            if document["kind"] != _KIND:
                raise StateBroken(
                    f"What is written is told as {document['kind']}; this natgraph reads {_KIND}."
                )
            patches = {_graph(part): _patch(part) for part in document["graphs"]}
            return cls(patches, document["version"], document["base"])
        except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, WriteRefused) as error:
            raise StateBroken(f"This is no account of what was written: {error}") from error


_KIND = "natgraph-overlay-1"


def changes(before: Graphs, after: Graphs) -> list[GraphChange]:
    """What differs between two states of a store, by graph."""
    differing = (g for g in sorted({*before, *after}) if before.get(g, b"") != after.get(g, b""))
    found = (_change(graph, before.get(graph, b""), after.get(graph, b"")) for graph in differing)
    return [change for change in found if change.added or change.removed]


def _change(graph: str, before: bytes, after: bytes) -> GraphChange:
    old, new = statements(before), statements(after)
    whole = frozenset(new) if has_blank(before) or has_blank(after) else None
    return GraphChange(graph, frozenset(new - old), frozenset(old - new), not old, not new, whole)


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"{text} .\n" for text in sorted(texts))


def _graph(part: dict[str, Any]) -> str:
    name = str(part["graph"])
    node(name)
    return name


def _patch(part: dict[str, Any]) -> Patch:
    added, removed = (_read(part[name]) for name in ("added", "removed"))
    return Patch(added, removed, bool(part["whole"]))


def _read(lines: str) -> frozenset[str]:
    quads = parse(lines, RdfFormat.N_TRIPLES)
    return frozenset(f"{quad.subject} {quad.predicate} {quad.object}" for quad in quads)
