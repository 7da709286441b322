"""How firm the ranks of roots are: what they become when links are dropped."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from natgraph.chains.closure import components, ones, transposed
from natgraph.chains.ranking import Ranked, mask_of, reached_sets, roots
from natgraph.chains.reaching import Measure, Measured
from natgraph.chains.things import Text

TOLERANCE = 2
"""By how many places a rank may move and still be called stable."""


@dataclass(frozen=True, slots=True)
class Stability:
    """How firm a rank is.

    ``lowest`` and ``highest``: the ranks it takes when links are dropped one at a time; ``stated``: its rank
    when derived links are left out, None if it then leads to nothing. ``stable``: all of these lie within
    ``TOLERANCE`` places.
    """

    lowest: int
    highest: int
    stated: int | None
    stable: bool
    words: Text


def stabilities(
    graph: Measured, links: Sequence[int], stated: Sequence[int], found: Sequence[Ranked], by: Measure
) -> list[Stability]:
    """The stability of each rank, by ranking anew without each link and without all that are derived.

    A root that leads to nothing any more comes after all that do.
    """
    ranks = np.array([root.rank for root in found], dtype=np.int64)
    lowest, highest = ranks.copy(), ranks.copy()
    dropping = _Dropping(graph, links, found, by)
    for link in links:
        now = dropping.ranks_without(link)
        np.minimum(lowest, now, out=lowest)
        np.maximum(highest, now, out=highest)
    without, values = _anew(graph, stated, found, by)
    return [
        _stability(int(low), int(high), int(rank) if value > 0 else None)
        for low, high, rank, value in zip(lowest, highest, without, values, strict=True)
    ]


class _Dropping:
    """Ranks without one link, found from the sets with it: only what leads to the link can change."""

    def __init__(self, graph: Measured, links: Sequence[int], found: Sequence[Ranked], by: Measure) -> None:
        self._graph, self._links, self._found, self._by = graph, links, found, by
        self._sets = reached_sets(graph, links)
        self._back = transposed(self._sets)
        self._groups = components(len(graph.barriers), [graph.links[n] for n in links])
        self._home = {node: n for n, group in enumerate(self._groups) for node in group}
        self._pairs = Counter(graph.links[n] for n in links)
        self._out: dict[int, list[int]] = {}
        for source, target in [*(graph.links[n] for n in links), *graph.beside]:
            self._out.setdefault(source, []).append(target)
        self._into = Counter(
            self._home[t] for s, t in (graph.links[n] for n in links) if self._home[s] != self._home[t]
        )
        self._value = _Value(graph, by)
        self._values = np.array([self._value.of(self._sets, root.members) for root in found], dtype=float)
        self._ranks = np.array([root.rank for root in found], dtype=np.int64)
        self._place = {root.members: n for n, root in enumerate(found)}

    def ranks_without(self, link: int) -> npt.NDArray[np.int64]:
        """The rank of each root when a link is not there."""
        source, target = self._graph.links[link]
        if self._pairs[source, target] > 1:
            return self._ranks
        if self._home[source] == self._home[target]:
            return _anew(self._graph, [n for n in self._links if n != link], self._found, self._by)[0]
        changed = self._changed(source, target)
        values = self._values.copy()
        for node in changed:
            place = self._place.get(tuple(sorted(self._groups[self._home[node]])))
            if place is not None:
                values[place] = self._value.of(changed, self._found[place].members)
        others = values
        if self._into[self._home[target]] == 1:
            new = self._value.of(self._sets, self._groups[self._home[target]])
            others = np.append(values, new)
        return _ranks(values, others)

    def _changed(self, source: int, target: int) -> dict[int, int]:
        """What leads to the link, and what it reaches without it; each after what it builds on."""
        changed: dict[int, int] = {}
        for home in sorted({self._home[node] for node in ones(self._back[source])}):
            group = self._groups[home]
            bits = sum(1 << node for node in group)
            for node in group:
                for after in self._out.get(node, ()):
                    if after not in group and (node, after) != (source, target):
                        bits |= changed.get(after, self._sets[after])
            changed.update(dict.fromkeys(group, bits))
        return changed


class _Value:
    """What a root reaches, by one measure."""

    def __init__(self, graph: Measured, by: Measure) -> None:
        self._amounts = graph.amounts[by]
        self._mask = mask_of(self._amounts)
        self._by = by

    def of(self, sets: Mapping[int, int] | Sequence[int], members: Iterable[int]) -> float:
        own = list(members)
        bits = 0
        for member in own:
            bits |= sets[member]
        if self._by == "barriers":
            return (bits & self._mask).bit_count() - len(own)
        return sum(self._amounts[n] for n in ones(bits & self._mask))


def _anew(
    graph: Measured, links: Sequence[int], found: Sequence[Ranked], by: Measure
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The ranks and values of roots when only these links are there, found from scratch."""
    sets, value = reached_sets(graph, links), _Value(graph, by)
    values = np.array([value.of(sets, root.members) for root in found], dtype=float)
    own = {member for root in found for member in root.members}
    new = [value.of(sets, members) for members in roots(graph, links) if not own & set(members)]
    return _ranks(values, np.append(values, new)), values


def _ranks(values: npt.NDArray[np.float64], others: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """For each value its rank among the others, the greatest first; equal values, equal rank."""
    ordered = np.sort(others)
    return 1 + len(ordered) - np.searchsorted(ordered, values, side="right")


def _stability(low: int, high: int, stated: int | None) -> Stability:
    least, most = min(low, stated or low), max(high, stated or high)
    stable = stated is not None and most - least <= TOLERANCE
    sv = f"plats {low}–{high} när samband tas bort ett i taget; "
    en = f"rank {low}–{high} when links are dropped one at a time; "
    sv += f"plats {stated} utan härledda samband" if stated else "leder inte till något utan härledda samband"
    en += f"rank {stated} without derived links" if stated else "leads to nothing without derived links"
    words = Text(
        f"{'stabil' if stable else 'inte stabil'}: {sv}", f"{'stable' if stable else 'not stable'}: {en}"
    )
    return Stability(low, high, stated, stable, words)
