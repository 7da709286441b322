"""Barriers and the links between them as numbers, in columns and in a graph of rustworkx.

A barrier and a link are numbered by their place. The columns serve what runs over all links; the graph serves
what walks. A million barriers and three million links fit in less than a gigabyte.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import rustworkx as rx

from natgraph.chains.names import Names
from natgraph.chains.things import CAUSAL, KINDS, NECESSITIES, Kind, Necessity
from natgraph.errors import ChainFault

Column = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
_CHUNK = 200_000


class Link(NamedTuple):
    """One link as it comes from a store or a stream."""

    iri: str
    cause: str
    effect: str
    kind: Kind
    stated: bool
    refuted: bool = False
    necessity: Necessity = "unknown"
    group: str | None = None


@dataclass(frozen=True, eq=False)
class Net:
    """All barriers and links of one data version.

    ``kind`` and ``necessity`` number ``KINDS`` and ``NECESSITIES``; ``group`` numbers ``groups``, -1 is none.
    The graph has an edge for every link, also refuted ones, whose weight is the link's number.
    """

    barriers: Names
    links: Names
    cause: Column
    effect: Column
    kind: Column
    stated: Flags
    refuted: Flags
    necessity: Column
    group: Column
    groups: Sequence[str]
    graph: "rx.PyDiGraph[None, int]"

    def followed(self, relations: Iterable[Kind] = CAUSAL, *, stated_only: bool = False) -> Flags:
        """Which links a chain follows: of the relations, not refuted (and, if asked, stated)."""
        wanted = np.isin(self.kind, [KINDS.index(kind) for kind in relations])
        flags: Flags = wanted & ~self.refuted
        return flags & self.stated if stated_only else flags

    def into(self, barrier: int) -> list[int]:
        """The links that end in a barrier, in order."""
        return sorted(link for _, _, link in self.graph.in_edges(barrier))

    def out_of(self, barrier: int) -> list[int]:
        """The links that start in a barrier, in order."""
        return sorted(link for _, _, link in self.graph.out_edges(barrier))


def net_of(links: Iterable[Link], barriers: Iterable[str] = ()) -> Net:
    """The net of links, and of barriers without any; equal input gives equal numbers.

    Raises ChainFault for a link from a barrier to itself.
    """
    numbers: dict[str, int] = {}
    for barrier in barriers:
        numbers.setdefault(barrier, len(numbers))
    columns = _Columns(numbers)
    names = Names(columns.read(links))
    made = columns.made()
    return Net(Names(numbers), names, *made, tuple(columns.groups), _graph(len(numbers), made[0], made[1]))


class _Columns:
    """The columns being read."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self.groups: dict[str, int] = {}
        self._kinds = {kind: n for n, kind in enumerate(KINDS)}
        self._necessities = {necessity: n for n, necessity in enumerate(NECESSITIES)}
        self._parts: list[npt.NDArray[np.int32]] = []

    def read(self, links: Iterable[Link]) -> Iterator[str]:
        """Take the links in and give back their names."""
        stream = iter(links)
        while chunk := [self._row(link) for link in islice(stream, _CHUNK)]:
            self._parts.append(np.array([row for _, row in chunk], dtype=np.int32))
            yield from (name for name, _ in chunk)

    def _row(self, link: Link) -> tuple[str, tuple[int, ...]]:
        if link.cause == link.effect:
            raise ChainFault(f"The link {link.iri} leads from {link.cause} to itself.")
        numbers = self._numbers
        return link.iri, (
            numbers.setdefault(link.cause, len(numbers)),
            numbers.setdefault(link.effect, len(numbers)),
            self._kinds[link.kind],
            link.stated,
            link.refuted,
            self._necessities[link.necessity],
            -1 if link.group is None else self.groups.setdefault(link.group, len(self.groups)),
        )

    def made(self) -> tuple[Column, Column, Column, Flags, Flags, Column, Column]:
        table = np.concatenate(self._parts) if self._parts else np.empty((0, 7), np.int32)
        cause, effect, kind, stated, refuted, necessity, group = table.T.copy()
        return cause, effect, kind, stated.astype(bool), refuted.astype(bool), necessity, group


def _graph(size: int, cause: Column, effect: Column) -> "rx.PyDiGraph[None, int]":
    graph: rx.PyDiGraph[None, int] = rx.PyDiGraph(node_count_hint=size, edge_count_hint=len(cause))
    graph.add_nodes_from([None] * size)
    for start in range(0, len(cause), _CHUNK):
        part = slice(start, start + _CHUNK)
        numbers = range(start, min(start + _CHUNK, len(cause)))
        graph.add_edges_from(list(zip(cause[part].tolist(), effect[part].tolist(), numbers, strict=True)))
    return graph
