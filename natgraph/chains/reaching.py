"""The graph over which reach is measured: barriers, and those who met them.

Each platform, municipality and project is a node, so it is counted once however many barriers lead to it. A
barrier leads to the platforms that met it (or whose projects did), to the municipalities of those who met
it, and to the projects that met it or belong to a platform that did; kronor are the grants of these.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from natgraph.chains.facts import Facts
from natgraph.chains.index import ChainIndex
from natgraph.chains.things import local, type_of

Measure = Literal["barriers", "platforms", "municipalities", "projects", "kronor"]
MEASURES: tuple[Measure, ...] = ("barriers", "platforms", "municipalities", "projects", "kronor")


@dataclass(frozen=True)
class Measured:
    """Barriers renumbered from 0, links between them as edges by link, and what barriers lead to beside.

    ``amounts`` gives for each measure the nodes that count and how much.
    """

    barriers: Sequence[int]
    links: Mapping[int, tuple[int, int]]
    beside: Sequence[tuple[int, int]]
    size: int
    amounts: Mapping[Measure, Mapping[int, float]]


def measured(index: ChainIndex, barriers: Sequence[int], links: Collection[int]) -> Measured:
    """The graph of some barriers and the links between them."""
    place = {barrier: n for n, barrier in enumerate(barriers)}
    net = index.net
    edges = {n: (place[int(net.cause[n])], place[int(net.effect[n])]) for n in links}
    pairs, nodes = beside(index, place)
    amounts = amounts_of(index.facts, nodes)
    amounts["barriers"] = dict.fromkeys(range(len(place)), 1.0)
    return Measured(barriers, edges, pairs, len(place) + len(nodes), amounts)


def beside(index: ChainIndex, place: Mapping[int, int]) -> tuple[list[tuple[int, int]], dict[str, int]]:
    """From which barriers (by place) to what beside them, and the places of these things."""
    nodes: dict[str, int] = {}
    pairs: list[tuple[int, int]] = []
    for iri, met in index.facts.encounters.items():
        barrier = index.net.barriers.place(iri)
        if barrier is None or barrier not in place:
            continue
        touched = dict.fromkeys(t for m in met for t in _touched(index.facts, m.party))
        pairs += [(place[barrier], nodes.setdefault(thing, len(place) + len(nodes))) for thing in touched]
    return pairs, nodes


def amounts_of(facts: Facts, nodes: Mapping[str, int]) -> dict[Measure, dict[int, float]]:
    """For each measure but barriers the places that count, and how much."""

    def of_type(kind: str) -> dict[int, float]:
        return {n: 1.0 for iri, n in nodes.items() if type_of(iri) == kind}

    grants = {n: _grant(facts, iri) for iri, n in nodes.items() if type_of(iri) == "project"}
    return {
        "platforms": of_type("platform"),
        "municipalities": of_type("place"),
        "projects": of_type("project"),
        "kronor": {n: amount for n, amount in grants.items() if amount},
    }


def _touched(facts: Facts, party: str) -> Iterator[str]:
    """The platforms, municipalities and projects that a party stands for."""
    platforms = [party] if type_of(party) == "platform" else list(facts.related("platform", party))
    yield from platforms
    if type_of(party) == "project":
        yield party
    for holder in [party, *platforms]:
        if type_of(holder) == "platform" or _is_municipal(facts, holder):
            yield from facts.related("municipality", holder)
    if type_of(party) == "platform":
        yield from facts.inverse("platform", party)


def _is_municipal(facts: Facts, organisation: str) -> bool:
    kinds = map(local, facts.related("classification", organisation))
    return any(kind.startswith("municipal") for kind in kinds)


def _grant(facts: Facts, project: str) -> float:
    return sum(map(float, facts.related("grantAmount", project)[:1]))
