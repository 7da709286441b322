"""Is the graph right? Shapes, whole-graph rules and file layout, with one kind of finding for all.

``check`` looks at a loaded graph, ``check_layout`` at the record files; ``to_text``, ``to_json`` and
``to_turtle`` report what they found. `docs/checks.md` tells how to read findings and how to add a rule.
"""

from pathlib import Path

from pyoxigraph import Store

from natgraph.check.finding import Finding, Severity, Spot, in_order
from natgraph.check.invariants import invariant_findings
from natgraph.check.layout import check_layout
from natgraph.check.report import to_json, to_text, to_turtle
from natgraph.check.rules import rule_findings
from natgraph.check.shacl import shape_findings

__all__ = ["Finding", "Severity", "Spot", "check", "check_layout", "to_json", "to_text", "to_turtle"]


def check(store: Store, shapes: Path) -> list[Finding]:
    """What the shapes, the invariants and the Python rules find in a graph, by record.

    ``store`` holds the named graphs and, as default graph, their merge; ``shapes`` is the folder with the
    shapes and, below ``invariants/``, the whole-graph rules. Raises NatgraphError for a broken rule.
    """
    return in_order(
        [
            *shape_findings(store, shapes),
            *invariant_findings(store, shapes / "invariants"),
            *rule_findings(store),
        ]
    )
