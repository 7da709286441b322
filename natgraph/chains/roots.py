"""Root causes: ranked by reach, placed by ISM and MICMAC, each rank with how firm it is.

Never by betweenness or closeness: on causal maps such centralities mislead, and change with the choices of
those who drew the map (L. Crielaard et al., Scientific Reports 13, 2023, doi 10.1038/s41598-023-46531-z).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from natgraph.chains.counting import layered, totals
from natgraph.chains.index import ChainIndex
from natgraph.chains.ism import Place, structure
from natgraph.chains.ranking import Ranked, ranked, reached_sets
from natgraph.chains.reaching import MEASURES, Measure, Measured, measured
from natgraph.chains.scope import barriers_of
from natgraph.chains.stability import Stability, stabilities
from natgraph.chains.things import CAUSAL, Bound, How, Kind, Text, Thing
from natgraph.chains.walk import onward, reach

SMALL = 2_000
"""Up to how many barriers levels, powers and stability are computed."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What lies downstream: other barriers, and those who met the root or any of these.

    ``kronor`` is in SEK, the grants of the projects.
    """

    barriers: int
    platforms: int
    municipalities: int
    projects: int
    kronor: float


@dataclass(frozen=True, slots=True)
class RootCause:
    """A barrier that nothing leads into (or a loop of barriers), with its rank and how firm that is."""

    barriers: Sequence[Thing]
    rank: int
    reach: Reach
    stability: Stability | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A barrier with its ISM level and its MICMAC place."""

    barrier: Thing
    place: Place


@dataclass(frozen=True, slots=True)
class RootCauses:
    """The roots behind a scope (all barriers, where None), those that reach most first.

    ``by`` is the measure. ``structure`` places every barrier of the scope; the midlines part the quadrants.
    """

    scope: Thing | None
    by: Measure
    roots: Sequence[RootCause]
    structure: Sequence[Placed]
    driving_midline: float | None
    dependence_midline: float | None
    barriers: int
    links: int
    derived_share: float | None
    bounds: Sequence[Bound]
    how: How


def root_causes(
    index: ChainIndex,
    scope: str | None = None,
    *,
    by: Measure = "barriers",
    relations: Collection[Kind] = CAUSAL,
    stated_only: bool = False,
    stability: bool = True,
) -> RootCauses:
    """The root causes of all barriers, or of what lies behind a scope.

    A scope is a barrier, a theme, or a platform, municipality or organisation with what it met (IRI or slug).
    Levels, powers and stability are left out, and a bound says so, for more than ``SMALL`` barriers. Raises
    NotFound.
    """
    thing, start = (None, None) if scope is None else barriers_of(index, scope)
    barriers, links = _part(index, start, relations, stated_only=stated_only)
    graph = measured(index, barriers, links)
    small = len(barriers) <= SMALL
    found = ranked(graph, links, by) if small else _counted(graph, by)
    stated = [link for link in links if index.net.stated[link]]
    firm: Sequence[Stability | None] = [None] * len(found)
    if small and stability:
        firm = stabilities(graph, links, stated, found, by)
    places = structure(_sets(graph, links)) if small else None
    return RootCauses(
        thing, by,
        [
            _root(index, graph, root, firm[n], places.places[root.members[0]] if places else None)
            for n, root in enumerate(found)
        ],
        [Placed(index.barrier(b), p) for b, p in zip(barriers, places.places, strict=True)] if places else [],
        places.driving_midline if places else None,
        places.dependence_midline if places else None,
        len(barriers), len(links), 1 - len(stated) / len(links) if links else None,
        [] if small else [Bound(Text(*_LARGE), SMALL)],
        index.how(_SV, _EN),
    )  # fmt: skip


def _part(
    index: ChainIndex, start: Sequence[int] | None, relations: Collection[Kind], *, stated_only: bool
) -> tuple[list[int], list[int]]:
    """The barriers of a scope with all that lies behind them, and the links between these."""
    if start is None:
        followed = index.net.followed(relations, stated_only=stated_only)
        return list(range(len(index.net.barriers))), [int(n) for n in np.flatnonzero(followed)]
    found = reach(start, onward(index.net, "causes", relations, stated_only=stated_only))
    return sorted(found.distance), sorted(found.links)


def _sets(graph: Measured, links: Sequence[int]) -> list[int]:
    """What each barrier reaches, without what lies beside."""
    own = Measured(graph.barriers, graph.links, (), len(graph.barriers), {})
    return reached_sets(own, links)


def _counted(graph: Measured, by: Measure) -> list[Ranked]:
    """The ranks in a large graph."""
    edges = np.array([*graph.links.values(), *graph.beside], dtype=np.int64).reshape(-1, 2)
    whole = layered(graph.size, edges[:, 0], edges[:, 1])
    columns = [np.zeros(whole.size) for _ in MEASURES]
    for column, measure in zip(columns, MEASURES, strict=True):
        amounts = graph.amounts[measure]
        nodes = np.fromiter(amounts, np.int64, len(amounts))
        np.add.at(column, whole.home[nodes], np.fromiter(amounts.values(), float, len(amounts)))
    sums = totals(whole, whole.roots, columns)
    members: dict[int, list[int]] = {int(root): [] for root in whole.roots}
    for node in np.flatnonzero(np.isin(whole.home[: len(graph.barriers)], whole.roots)):
        members[int(whole.home[node])].append(int(node))
    found = []
    for row, own in zip(sums, members.values(), strict=True):
        values = dict(zip(MEASURES, row.tolist(), strict=True))
        values["barriers"] -= len(own)
        if values["barriers"] > 0:
            found.append((tuple(own), cast(dict[Measure, float], values)))
    found.sort(key=lambda root: (-root[1][by], -root[1]["barriers"], root[0]))
    ranked_by = [reach[by] for _, reach in found]
    first = {value: n for n, value in reversed([*enumerate(ranked_by, 1)])}
    return [Ranked(own, first[reach[by]], reach) for own, reach in found]


def _root(
    index: ChainIndex, graph: Measured, root: Ranked, stability: Stability | None, place: Place | None
) -> RootCause:
    things = [index.barrier(graph.barriers[member]) for member in root.members]
    counts = [int(root.reach[measure]) for measure in MEASURES[:4]]
    reach = Reach(counts[0], counts[1], counts[2], counts[3], root.reach["kronor"])
    return RootCause(things, root.rank, reach, stability, place)


_LARGE = (
    "antal hinder för nivåer, styrka och stabilitet",
    "number of barriers for levels, powers and stability",
)
_SV = (
    "Rötter ordnas efter vad som nås från dem; nivåer enligt ISM när slingor lagts ihop, driv och beroende"
    " enligt MICMAC. Stabiliteten prövas genom att samband tas bort ett i taget och alla härledda på en gång."
)
_EN = (
    "Roots are ranked by what is reached from them; levels by ISM with loops condensed, driving power and"
    " dependence by MICMAC. Stability is tried by dropping each link by itself, and all derived ones at once."
)
