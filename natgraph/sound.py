"""Barrier links that cannot be are refused when a dataset is built, with file and line.

What else makes a chain good is told by the shapes and invariants; without these few there is no chain at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from natgraph.errors import DataFault
from natgraph.paths import Root
from natgraph.terms import NG, RDF

_ENDS = (NG["cause"], NG["effect"])
_OTHER = "name another barrier, or take the link away"
_ADD = "mend the IRI, or add the barrier in data/barrier/"


def refuse_broken_links(root: Root, quads: Iterable[Quad]) -> Iterator[Quad]:
    """Pass quads on; raises DataFault when they are through and a link leads to itself or to no barrier."""
    links, barriers = set[str](), set[str]()
    ends: dict[str, list[tuple[NamedNode, str]]] = defaultdict(list)
    for quad in quads:
        yield quad
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            if quad.predicate == RDF["type"] and quad.object == NG["BarrierLink"]:
                links.add(quad.subject.value)
            elif quad.predicate == RDF["type"] and quad.object == NG["PolicyBarrier"]:
                barriers.add(quad.subject.value)
            elif quad.predicate in _ENDS:
                ends[quad.subject.value].append((quad.predicate, quad.object.value))
    for link in sorted(links):
        _refuse(root, link, ends[link], barriers)


def _refuse(root: Root, link: str, ends: list[tuple[NamedNode, str]], barriers: set[str]) -> None:
    causes, effects = ({iri for prop, iri in ends if prop == wanted} for wanted in _ENDS)
    for prop, iri in sorted(ends, key=str):
        if iri not in barriers:
            what = "the link leads to a barrier that is described nowhere"
            raise _fault(_place(root, link, prop, iri), link, iri, what, _ADD)
    if causes & effects:
        end = min(causes & effects)
        raise _fault(_place(root, link, NG["cause"], end), link, end, "the link leads to itself", _OTHER)
    if not (causes and effects):
        what = f"the link has no {'effect' if causes else 'cause'}"
        raise _fault(_place(root, link, None, ""), link, "", what, "give ng:cause and ng:effect")


def _fault(place: tuple[Path, int], link: str, end: str, what: str, cure: str) -> DataFault:
    path, line = place
    return DataFault(path, line, 1, f"{what}: {link}" + (f", {end}" if end else ""), cure)


def _place(root: Root, link: str, prop: NamedNode | None, end: str) -> tuple[Path, int]:
    """The line that names the end after the link, else the first that names the link."""
    for path in sorted(root.data.rglob("*.trig")):
        lines = path.read_text(encoding="utf-8").splitlines()
        named = [number for number, line in enumerate(lines) if f"<{link}>" in line]
        if named:
            word = prop.value.rpartition("/")[2] if prop else "\0"
            after = (n for n in range(named[0], len(lines)) if word in lines[n] and f"<{end}>" in lines[n])
            return path, next(after, named[0]) + 1
    return root.data, 1
