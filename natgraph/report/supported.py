"""The longest chains of which a source states every step."""

from collections.abc import Iterator

from natgraph.chains import ChainIndex, trace
from natgraph.chains.trace import Path

MOST = 10_000
"""Paths looked at behind one barrier."""


def well_supported(index: ChainIndex, number: int) -> list[Path]:
    """The longest paths of stated, uncontradicted steps; of paths that share half their steps only one.

    Of equally long ones that with more sources comes first.
    """
    found = [path for path in _paths(index, stated_only=True) if not any(s.against for s in path.steps)]
    found.sort(key=lambda path: (-len(path.steps), -len(path.sources), [b.iri for b in path.barriers]))
    chosen: list[Path] = []
    for path in found:
        if len(chosen) < number and not any(_alike(path, other) for other in chosen):
            chosen.append(path)
    return chosen


def longest(index: ChainIndex) -> int:
    """The steps of the longest path, whoever says so."""
    return max((len(path.steps) for path in _paths(index, stated_only=False)), default=0)


def _paths(index: ChainIndex, *, stated_only: bool) -> Iterator[Path]:
    for barrier in index.net.barriers:
        yield from trace(index, barrier, stated_only=stated_only, max_paths=MOST).paths


def _alike(path: Path, other: Path) -> bool:
    links = _links(path)
    return 2 * len(links & _links(other)) >= len(links)


def _links(path: Path) -> set[str]:
    return {step.link for step in path.steps}
