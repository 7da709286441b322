"""How long the check of a one-record write takes on the real data: ``python benchmarks/check.py [RUNS]``.

A note is added to one record, and the whole graph is checked by each engine, in a process that runs already.
Prints a Markdown table: the median of the runs in seconds, by the clock and of the processor.
"""

import os
import sys
import time
from collections.abc import Callable
from statistics import median

from pyoxigraph import DefaultGraph, Literal, Quad, Store

from natgraph.build import build
from natgraph.check import Checker
from natgraph.check.invariants import invariant_findings, read_invariants
from natgraph.check.rules import rule_findings
from natgraph.check.shacl import ShapeCheck
from natgraph.check.shapes import read_shapes
from natgraph.paths import Root, find_root
from natgraph.store import load
from natgraph.terms import EDITORS, SKOS, record

RECORD = record("platform", "kiruna")


def main() -> None:
    """Measure and print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    root = find_root()
    store = load(build(root).nquads)
    rows = [(name, *measured(work, runs)) for name, work in steps(root, store).items()]
    print(f"{len(store)} quads with the merge; median of {runs}; load {os.getloadavg()[0]:.1f}\n")
    print("| what | seconds | of the processor |\n| --- | --: | --: |")
    for name, clock, processor in rows:
        print(f"| {name} | {clock:.2f} | {processor:.2f} |")


def steps(root: Root, store: Store) -> dict[str, Callable[[], object]]:
    """What is measured: the write with its check, by each engine, and the parts of the check."""
    invariants = read_invariants(root.shapes / "invariants")
    checker, shapes = Checker(root.shapes), ShapeCheck(read_shapes(root.shapes))
    return {
        "write and check, pyshacl": lambda: written(store, lambda: checker.check(store, "pyshacl")),
        "write and check, shifty": lambda: written(store, lambda: checker.check(store, "shifty")),
        "the same, rules read anew": lambda: written(
            store, lambda: Checker(root.shapes).check(store, "shifty")
        ),
        "shapes alone, pyshacl": lambda: shapes.findings(store, "pyshacl"),
        "shapes alone, shifty": lambda: shapes.findings(store, "shifty"),
        "invariants alone": lambda: list(invariant_findings(store, invariants)),
        "Python rules alone": lambda: list(rule_findings(store)),
    }


def written(store: Store, check: Callable[[], object]) -> None:
    """A write of one record's note, its check, and the note taken back."""
    note = Literal("Noted to measure.", language="en")
    quads = [Quad(RECORD, SKOS["editorialNote"], note, graph) for graph in (EDITORS, DefaultGraph())]
    store.extend(quads)
    check()
    for quad in quads:
        store.remove(quad)


def measured(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """The median seconds of some work, by the clock and of the processor, after one run to warm up."""
    work()
    taken = []
    for _ in range(runs):
        clock, processor = time.perf_counter(), spent()
        work()
        taken.append((time.perf_counter() - clock, spent() - processor))
    return median(clock for clock, _ in taken), median(processor for _, processor in taken)


def spent() -> float:
    """Seconds of the processor that this process and the ones it waited for have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
