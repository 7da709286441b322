"""What shapes (W3C SHACL) find in the merge, by one engine or another: the findings are the same."""

from functools import cached_property
from typing import Literal

from pyoxigraph import QuerySolutions, Store

from natgraph.check.finding import Finding, Severity, short
from natgraph.check.pyshacl import pyshacl_report
from natgraph.check.results import Result, read_report
from natgraph.check.shapes import Shapes, Told
from natgraph.check.shifty import Shifty
from natgraph.terms import SH

Engine = Literal["pyshacl", "shifty"]
LARGE = 500_000  # statements; pyshacl needs minutes for so many

_NOTHING = Told(None, {"sv": "", "en": ""})


class ShapeCheck:
    """Shapes that look at graphs; what an engine needs is made ready when it is first asked."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes

    def findings(self, store: Store, engine: Engine) -> list[Finding]:
        """What the shapes find in a store's default graph; raises as ``results``.

        A value that breaks a shape in several ways is one finding.
        """
        return list(dict.fromkeys(map(self._finding, self.results(store, engine))))

    def results(self, store: Store, engine: Engine) -> list[Result]:
        """What an engine reports on a store's default graph, by constraint.

        Raises NatgraphError when the shapes cannot be applied.
        """
        report = self._shifty.report(store) if engine == "shifty" else pyshacl_report(store, self._shapes)
        return sorted(read_report(report), key=lambda result: result.constraint)

    @cached_property
    def _shifty(self) -> Shifty:
        return Shifty(self._shapes)

    def _finding(self, result: Result) -> Finding:
        told = self._shapes.told.get(result.shape, _NOTHING)
        reported = None if result.path is None else short(result.path)
        return Finding(
            focus=result.focus,
            severity=Severity[result.severity.removeprefix(SH.iri).upper()],
            rule=result.shape,
            message=told.message,
            path=told.path or reported,
            value=result.value,
            constraint=result.constraint,
        )


def engine_for(store: Store) -> Engine:
    """The engine for a graph of this size: the reference engine, unless it would take minutes."""
    last = store.query(f"SELECT ?s {{ ?s ?p ?o }} OFFSET {LARGE - 1} LIMIT 1")
    return "shifty" if isinstance(last, QuerySolutions) and any(last) else "pyshacl"
