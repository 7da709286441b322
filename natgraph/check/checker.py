"""All rules over a graph: shapes in one thread, invariants and Python rules beside them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pyoxigraph import Store

from natgraph.check.finding import Finding, in_order
from natgraph.check.invariants import invariant_findings, read_invariants
from natgraph.check.rules import rule_findings
from natgraph.check.shacl import Engine, ShapeCheck, engine_for
from natgraph.check.shapes import read_shapes


class Checker:
    """The rules of a folder, read once, for any number of graphs.

    ``shapes`` is the folder with the shapes and, below ``invariants/``, the whole-graph rules. Raises
    NatgraphError for rules that cannot be read.
    """

    def __init__(self, shapes: Path) -> None:
        self._shapes = ShapeCheck(read_shapes(shapes))
        self._invariants = read_invariants(shapes / "invariants")

    def check(self, store: Store, engine: Engine | None = None) -> list[Finding]:
        """What the shapes, the invariants and the Python rules find in a graph, by record.

        ``store`` holds the named graphs and, as default graph, their merge. ``engine`` applies the shapes:
        the one for a graph of this size, if none is named; both find the same. Raises NatgraphError for a
        broken rule.
        """
        with ThreadPoolExecutor(1) as beside:  # both let other threads run while they work
            shaped = beside.submit(self._shapes.findings, store, engine or engine_for(store))
            others = [*invariant_findings(store, self._invariants), *rule_findings(store)]
            return in_order([*shaped.result(), *others])


def check(store: Store, shapes: Path, engine: Engine | None = None) -> list[Finding]:
    """What the rules of a folder find in one graph, as ``Checker.check`` tells it."""
    return Checker(shapes).check(store, engine)
