"""Root causes: ranked by reach, placed by ISM and MICMAC, each rank with how firm it is.

Never by betweenness or closeness: on causal maps such centralities mislead, and change with the choices of
those who drew the map (L. Crielaard et al., Scientific Reports 13, 2023, doi 10.1038/s41598-023-46531-z).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from natgraph.chains.index import ChainIndex
from natgraph.chains.ism import Place, Structure, structure
from natgraph.chains.large import Ints, counted
from natgraph.chains.ranking import Ranked, ranked, reached_sets
from natgraph.chains.reaching import MEASURES, Measure, Measured, measured
from natgraph.chains.scope import barriers_of
from natgraph.chains.stability import Stability, stabilities
from natgraph.chains.things import CAUSAL, Bound, How, Kind, Text, Thing
from natgraph.chains.walk import onward, reach

SMALL, ROOTS = 2_000, 1_000
"""Up to how many barriers levels, powers and stability are computed, and how many roots are given."""


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
    max_roots: int = ROOTS,
) -> RootCauses:
    """The root causes of all barriers, or of what lies behind a scope.

    A scope is a barrier, a theme, or a platform, municipality or organisation with what it met (IRI or slug).
    Levels, powers and stability are left out, and a bound says so, for more than ``SMALL`` barriers. Raises
    NotFound.
    """
    thing, start = (None, None) if scope is None else barriers_of(index, scope)
    barriers, links = _part(index, start, relations, stated_only=stated_only)
    stated = int(index.net.stated[links].sum())
    if len(barriers) > SMALL:
        found, firm, places = counted(index, barriers, links, by), list[Stability](), None
    else:
        found, firm, places = _ranked(index, barriers.tolist(), links.tolist(), by, stability=stability)
    met = [] if places else [Bound(Text(*_LARGE), SMALL)]
    if len(found) > max_roots:
        met.append(Bound(Text("antal rötter", "number of roots"), max_roots))
    return RootCauses(
        thing, by,
        [
            _root(index, barriers, root, firm[n] if firm else None, places)
            for n, root in enumerate(found[:max_roots])
        ],
        _placed(index, barriers, places) if places else [],
        places.driving_midline if places else None,
        places.dependence_midline if places else None,
        len(barriers), len(links), 1 - stated / len(links) if len(links) else None, met,
        index.how(_SV, _EN),
    )  # fmt: skip


def _part(
    index: ChainIndex, start: Sequence[int] | None, relations: Collection[Kind], *, stated_only: bool
) -> tuple[Ints, Ints]:
    """The barriers of a scope with all that lies behind them, and the links between these."""
    if start is None:
        followed = index.net.followed(relations, stated_only=stated_only)
        return np.arange(len(index.net.barriers)), np.flatnonzero(followed)
    found = reach(start, onward(index.net, "causes", relations, stated_only=stated_only))
    return np.array(sorted(found.distance), dtype=np.int64), np.array(sorted(found.links), dtype=np.int64)


def _ranked(
    index: ChainIndex, barriers: list[int], links: list[int], by: Measure, *, stability: bool
) -> tuple[list[Ranked], list[Stability], Structure]:
    """The ranks in a small graph, how firm they are, and the places of all barriers."""
    graph = measured(index, barriers, links)
    found = ranked(graph, links, by)
    stated = [link for link in links if index.net.stated[link]]
    firm = stabilities(graph, links, stated, found, by) if stability else []
    return found, firm, structure(_sets(graph, links))


def _sets(graph: Measured, links: Sequence[int]) -> list[int]:
    """What each barrier reaches, without what lies beside."""
    own = Measured(graph.barriers, graph.links, (), len(graph.barriers), {})
    return reached_sets(own, links)


def _placed(index: ChainIndex, barriers: Ints, places: Structure) -> list[Placed]:
    return [Placed(index.barrier(int(b)), place) for b, place in zip(barriers, places.places, strict=True)]


def _root(
    index: ChainIndex, barriers: Ints, root: Ranked, stability: Stability | None, places: Structure | None
) -> RootCause:
    things = [index.barrier(int(barriers[member])) for member in root.members]
    place = places.places[root.members[0]] if places else None
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
