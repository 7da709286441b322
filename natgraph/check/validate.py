"""The process that applies shapes: ``python -m natgraph.check.validate SHAPES < merge.nt`` writes JSON.

It writes an array of results: focus, path, value, severity, shape, constraint and the shape's messages.
"""

import gc
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pyshacl import validate
from rdflib import RDF, SH, Graph
from rdflib.collection import Collection
from rdflib.term import Literal, Node, URIRef

from natgraph.check.finding import short

Result = dict[str, str | None]


def results(data: Graph, shapes: Graph) -> Iterator[Result]:
    """The results of applying shapes to a graph, without inference."""
    aim(shapes)
    _, report, _ = validate(data, shacl_graph=shapes, inference="none", meta_shacl=False, inplace=True)
    if not isinstance(report, Graph):
        raise TypeError(str(report))
    for result in report.objects(None, SH.result):
        yield _result(report, shapes, result)


def aim(shapes: Graph) -> None:
    """Let the property shapes of targeted node shapes have these targets themselves.

    That gives the same results, and the engine then takes all records at once and not one by one, which is
    several times quicker.
    """
    for node, target in list(shapes.subject_objects(SH.targetClass)):
        for part in shapes.objects(node, SH.property):
            shapes.add((part, SH.targetClass, target))
    for node in set(shapes.subjects(SH.targetClass)):
        shapes.remove((node, SH.property, None))


def path_text(shapes: Graph, path: Node) -> str:
    """A property path in the syntax of SPARQL, with short names."""
    if isinstance(path, URIRef):
        return short(str(path))
    inverse = shapes.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{path_text(shapes, inverse)}"
    either = shapes.value(path, SH.alternativePath)
    if either is not None:
        return "|".join(path_text(shapes, part) for part in Collection(shapes, either))
    return "/".join(path_text(shapes, part) for part in Collection(shapes, path))


def _result(report: Graph, shapes: Graph, result: Node) -> Result:
    shape = report.value(result, SH.sourceShape)
    value = report.value(result, SH.value)
    severity = str(report.value(result, SH.resultSeverity))
    path = None if shape is None else shapes.value(shape, SH.path)
    reported = report.value(result, SH.resultPath)
    return {
        "focus": str(report.value(result, SH.focusNode)),
        "path": _path(shapes, path if path is not None else reported),
        "value": value.n3() if isinstance(value, URIRef | Literal) else None,
        "severity": severity.removeprefix(str(SH)),
        "shape": str(shape),
        "constraint": str(report.value(result, SH.sourceConstraintComponent)),
        **_messages(shapes, shape),
    }


def _path(shapes: Graph, path: Node | None) -> str | None:
    return None if path is None else path_text(shapes, path)


def _messages(shapes: Graph, shape: Node | None) -> Result:
    texts = {m.language: str(m) for m in shapes.objects(shape, SH.message) if isinstance(m, Literal)}
    return {"sv": texts.get("sv"), "en": texts.get("en")}


def read_shapes(folder: Path) -> Graph:
    """The shapes of a folder's Turtle files, as one graph."""
    shapes = Graph()
    for path in sorted(folder.glob("*.ttl")):
        shapes.parse(path, format="turtle")
    if (None, RDF.type, SH.NodeShape) not in shapes:
        raise ValueError(f"{folder} holds no shapes")
    return shapes


def main() -> None:
    """Apply the shapes of the folder named on the command line to the N-Triples of standard input."""
    gc.disable()  # the process lives for seconds and makes millions of small objects
    shapes = read_shapes(Path(sys.argv[1]))
    data = Graph().parse(data=sys.stdin.buffer.read(), format="nt")
    json.dump(list(results(data, shapes)), sys.stdout)


if __name__ == "__main__":
    main()
