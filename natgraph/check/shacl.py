"""Shapes (W3C SHACL) over the merge, run in a process of their own.

The engine switches settings of rdflib for its whole process, and compares terms in a way that needs rdflib's
own graphs; so the merge is handed over as N-Triples, and findings come back as JSON.
"""

import json
import subprocess
import sys
from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, Store

from natgraph.check.finding import Finding, Severity
from natgraph.errors import NatgraphError


def shape_findings(store: Store, shapes: Path) -> list[Finding]:
    """What the shapes in the folder find in a store's default graph.

    A value that breaks a shape in several ways is one finding. Raises NatgraphError when the shapes cannot
    be read or applied.
    """
    merge = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    done = subprocess.run(  # noqa: S603 - our own module, and a folder that is only read
        [sys.executable, "-m", "natgraph.check.validate", str(shapes)],
        input=merge,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise NatgraphError(f"The shapes in {shapes} cannot be applied: {' '.join(reason)}")
    found = sorted(json.loads(done.stdout), key=lambda result: str(result["constraint"]))
    return list(dict.fromkeys(map(_finding, found)))


def _finding(result: dict[str, str | None]) -> Finding:
    messages = {"sv": result["sv"] or "", "en": result["en"] or ""}
    return Finding(
        focus=str(result["focus"]),
        severity=Severity[str(result["severity"]).upper()],
        rule=str(result["shape"]),
        message=messages,
        path=result["path"],
        value=result["value"],
        constraint=result["constraint"],
    )
