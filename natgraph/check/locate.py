"""From a thing, a property and a value to a file and a line, by text search in the canonical layout."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from natgraph.check.finding import Finding, Spot, short

_SUBJECT = re.compile(r"^  <([^<>]+)>$")
_VERB = re.compile(r"^    (\S+) ")
_TYPE = "rdf:type"


@dataclass(frozen=True)
class _Block:
    """What one source says of one thing: the lines after its name, and where they begin."""

    path: Path
    first: int
    lines: tuple[str, ...]


class Locator:
    """Knows where the things of a data folder are described.

    Files that are not in the canonical layout are found by name only.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._blocks: dict[str, list[_Block]] = defaultdict(list)
        for path in sorted(data.rglob("*.trig")):
            self._read(path)

    def find(self, finding: Finding) -> Spot | None:
        """The line a finding is about: the value's, else the property's, else where the thing begins."""
        if finding.spot:
            return finding.spot
        blocks = self._blocks.get(finding.focus, [])
        for wanted in ((finding.path, finding.value), (None, finding.value), (finding.path, None)):
            for block in blocks:
                line = _match(block, *wanted)
                if line is not None:
                    return Spot(block.path, line)
        return self._beginning(finding.focus, blocks)

    def _read(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        starts = [(n, m[1]) for n, line in enumerate(lines) if (m := _SUBJECT.match(line))]
        ends = [n for n, _ in starts[1:]] + [len(lines)]
        for (start, subject), end in zip(starts, ends, strict=True):
            self._blocks[subject].append(_Block(path, start + 1, tuple(lines[start + 1 : end])))

    def _beginning(self, focus: str, blocks: list[_Block]) -> Spot | None:
        typed = [b for b in blocks if b.lines and b.lines[0].startswith("    a ")]
        if typed or blocks:
            block = (typed or blocks)[0]
            return Spot(block.path, block.first)
        path = self._data / f"{focus.partition('/id/')[2]}.trig"
        return Spot(path, 1) if path.is_file() else None


def _match(block: _Block, path: str | None, value: str | None) -> int | None:
    """The number of the first line of the block with the property and the value, where these are given."""
    if path is None and value is None:
        return None
    verb = ""
    for number, line in enumerate(block.lines, start=block.first + 1):
        found = _VERB.match(line)
        verb = (_TYPE if found[1] == "a" else found[1]) if found else verb
        if path in (None, verb) and (value is None or _spelled(value) in f"{line} "):
            return number
    return None


def _spelled(value: str) -> str:
    """A term of N-Triples as the canonical layout spells it, as far as search needs it."""
    if value.startswith("<"):
        name = short(value[1:-1])
        return name if name.startswith("<") else f"{name} "
    return value.rpartition("^^<")[0] or value
