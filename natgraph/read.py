"""Files to quads: record files (TriG) and the ontology (Turtle); a fault says where and how to mend."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from natgraph.errors import DataFault
from natgraph.library import records
from natgraph.paths import Root
from natgraph.terms import ONTOLOGY


def read_root(root: Root) -> Iterator[Quad]:
    """All quads of a root: ontology and library in graphs of their own, then the record files.

    Raises DataFault for the first file that cannot be used.
    """
    for path in sorted(root.ontology.rglob("*.ttl")):
        yield from read_turtle(path, ONTOLOGY)
    yield from records()
    yield from read_records(sorted(root.data.rglob("*.trig")))


def read_records(paths: Iterable[Path]) -> Iterator[Quad]:
    """The quads of record files, each statement in a named graph.

    Raises DataFault for bad syntax, a blank node, or a statement outside a GRAPH block.
    """
    for path in paths:
        for quad in _parse(path, RdfFormat.TRIG):
            if isinstance(quad.graph_name, DefaultGraph):
                raise _fault_at(path, quad.subject, "a statement stands outside a GRAPH block", _NAME_SOURCE)
            yield quad


def read_turtle(path: Path, graph: NamedNode) -> Iterator[Quad]:
    """The triples of a Turtle file as quads of ``graph``; raises DataFault as read_records does."""
    for quad in _parse(path, RdfFormat.TURTLE):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)


_NAME_SOURCE = "put it into GRAPH <https://w3id.org/natgraph/id/source/…> { } of the source that says it"
_NAME_NODE = "give it an IRI below https://w3id.org/natgraph/id/ so that others can point at it"


def _parse(path: Path, form: RdfFormat) -> Iterator[Quad]:
    try:
        for quad in parse(path=str(path), format=form):
            if isinstance(quad.subject, BlankNode | Triple) or isinstance(quad.object, BlankNode | Triple):
                raise _fault_at(path, quad.predicate, "a blank node or quoted triple is used", _NAME_NODE)
            yield quad
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        raise DataFault(path, line, column, _plain(error), _cure(error)) from error
    except (OSError, ValueError) as error:
        raise DataFault(path, 1, 1, str(error), "make the file readable UTF-8 text") from error


def _plain(error: SyntaxError) -> str:
    """The parser's message without its own position, which stands in front already."""
    return re.sub(r"^Parser error at .*?: ", "", str(error.msg))


def _cure(error: SyntaxError) -> str:
    text = str(error.msg)
    if "prefix" in text.lower():
        return "declare the prefix at the top of the file, or write the whole IRI in < >"
    if "IRI" in text:
        return "write a whole IRI without spaces in < >, for instance <https://w3id.org/natgraph/id/…>"
    return "look just before this place: a ; , . or a closing quote, bracket or } is often missing"


def _fault_at(path: Path, node: object, what: str, cure: str) -> DataFault:
    """A fault placed at the first line that mentions the node, which the parser does not tell."""
    needle = node.value.rpartition("/")[2] if isinstance(node, NamedNode) else "_:"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if needle in line:
            return DataFault(path, number, line.index(needle) + 1, what, cure)
    return DataFault(path, 1, 1, what, cure)
