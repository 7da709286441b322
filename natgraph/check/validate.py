"""The process of pySHACL: ``python -m natgraph.check.validate`` reads shapes and data, writes a report.

Standard input holds the length of the shapes in a line, the shapes, and the data; all is N-Triples.
"""

import gc
import sys

import rdflib
from pyshacl import validate
from rdflib import Graph


def report(shapes: bytes, data: bytes) -> bytes:
    """The W3C validation report of applying shapes to a graph, without inference."""
    _, found, text = validate(
        Graph().parse(data=data, format="nt"),
        shacl_graph=Graph().parse(data=shapes, format="nt"),
        inference="none",
        meta_shacl=False,
        inplace=True,
    )
    if not isinstance(found, Graph):
        raise TypeError(text)
    return found.serialize(format="nt", encoding="utf-8")


def main() -> None:
    """Write the report on what standard input holds."""
    gc.disable()  # the process lives for seconds and makes millions of small objects
    rdflib.NORMALIZE_LITERALS = False  # values are told as they stand in the graph
    size = int(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(report(sys.stdin.buffer.read(size), sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
