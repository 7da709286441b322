"""The reference engine, pySHACL, in a process of its own.

It switches settings of rdflib for its whole process, and compares terms in a way that needs rdflib's own
graphs; so shapes and merge are handed over as N-Triples, and the report comes back as N-Triples.
"""

import subprocess
import sys

from pyoxigraph import Store

from natgraph.check.shapes import Shapes, as_ntriples
from natgraph.errors import NatgraphError


def pyshacl_report(store: Store, shapes: Shapes) -> bytes:
    """The validation report on a store's default graph; raises NatgraphError if shapes cannot be applied."""
    given = as_ntriples(shapes.graph)
    done = subprocess.run(
        [sys.executable, "-m", "natgraph.check.validate"],
        input=b"%d\n" % len(given) + given + as_ntriples(store),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise NatgraphError(f"The shapes cannot be applied: {' '.join(reason)}")
    return done.stdout
