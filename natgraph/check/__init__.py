"""Is the graph right? Shapes, whole-graph rules and file layout, with one kind of finding for all.

``check`` looks at a loaded graph (a ``Checker`` at many, reading the rules once), ``check_layout`` at the
record files; ``to_text``, ``to_json`` and ``to_turtle`` report what they found. `docs/checks.md` tells how to
read findings and how to add a rule.
"""

from natgraph.check.checker import Checker, check
from natgraph.check.finding import Finding, Severity, Spot
from natgraph.check.layout import check_layout
from natgraph.check.report import to_json, to_text, to_turtle
from natgraph.check.shacl import Engine, engine_for

__all__ = [
    "Checker",
    "Engine",
    "Finding",
    "Severity",
    "Spot",
    "check",
    "check_layout",
    "engine_for",
    "to_json",
    "to_text",
    "to_turtle",
]
