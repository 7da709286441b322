"""Interpretive structural modelling (ISM) and MICMAC over what leads to what.

ISM (J. N. Warfield, IEEE Transactions on Systems, Man, and Cybernetics, 1974, doi 10.1109/TSMC.1974.5408524)
puts the elements whose every consequence also leads back to them on level 1, takes them away and goes on: the
outcomes are on level 1, the deepest causes on the last, and the members of a loop share a level. MICMAC
(J. C. Duperrin and M. Godet, 1973) sets how many an element leads to (driving power) against how many lead to
it (dependence), itself counted in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from natgraph.chains.closure import transposed

Quadrant = Literal["driving", "linkage", "dependent", "autonomous"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands: ISM level from 1 (outcomes), driving power, dependence and MICMAC quadrant."""

    level: int
    driving: int
    dependence: int
    quadrant: Quadrant


@dataclass(frozen=True, slots=True)
class Structure:
    """The places of all elements, and the midlines between the quadrants (the means of the two powers)."""

    places: Sequence[Place]
    driving_midline: float
    dependence_midline: float


def structure(reached: Sequence[int]) -> Structure:
    """ISM and MICMAC from what each element reaches (bits, itself included; see ``closure``)."""
    back = transposed(reached)
    level = levels(reached, back)
    driving = [bits.bit_count() for bits in reached]
    dependence = [bits.bit_count() for bits in back]
    size = len(reached)
    middle = (sum(driving) / size, sum(dependence) / size) if size else (0.0, 0.0)
    places = [
        Place(*place, _quadrant(place[1], place[2], middle))
        for place in zip(level, driving, dependence, strict=True)
    ]
    return Structure(places, *middle)


def levels(reached: Sequence[int], back: Sequence[int]) -> list[int]:
    """The ISM level of each element from its reachability set and its antecedent set.

    Raises ValueError if the sets are of no reachability relation, so that no level comes next.
    """
    level, left, number = [0] * len(reached), (1 << len(reached)) - 1, 0
    while left:
        number += 1
        top = [n for n in range(len(reached)) if left >> n & 1 and not reached[n] & left & ~back[n]]
        if not top:
            raise ValueError("the relation is not a reachability relation: it has no next level")
        for node in top:
            level[node] = number
            left ^= 1 << node
    return level


def _quadrant(driving: int, dependence: int, middle: tuple[float, float]) -> Quadrant:
    drives, depends = driving > middle[0], dependence > middle[1]
    if drives:
        return "linkage" if depends else "driving"
    return "dependent" if depends else "autonomous"
