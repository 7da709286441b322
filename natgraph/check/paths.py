"""Property paths as SHACL writes them in RDF, and the short text that findings carry: each from the other."""

from collections.abc import Iterator, Sequence

from pyoxigraph import BlankNode, NamedNode, Store, Triple

from natgraph.check.finding import short
from natgraph.queries import Term
from natgraph.terms import PREFIXES, RDF, SH

Node = NamedNode | BlankNode
Made = tuple[Node, list[Triple]]


def path_text(graph: Store, path: Term) -> str:
    """The path that a node of a graph stands for, in the syntax of SPARQL, with short names."""
    if isinstance(path, NamedNode):
        return short(path.value)
    for inverse in objects(graph, path, SH["inversePath"]):
        return f"^{path_text(graph, inverse)}"
    for either in objects(graph, path, SH["alternativePath"]):
        return "|".join(path_text(graph, part) for part in members(graph, either))
    return "/".join(path_text(graph, part) for part in members(graph, path))


def objects(graph: Store, subject: Term, predicate: NamedNode) -> list[Term]:
    """What a graph says of a subject with a predicate; a literal has nothing said of it."""
    if not isinstance(subject, NamedNode | BlankNode):
        return []
    return [quad.object for quad in graph.quads_for_pattern(subject, predicate, None)]


def members(graph: Store, items: Term) -> Iterator[Term]:
    """The members of an RDF list."""
    yield from objects(graph, items, RDF["first"])
    for rest in objects(graph, items, RDF["rest"]):
        yield from members(graph, rest)


def path_triples(text: str) -> Made:
    """The node of a path such as ``ng:host`` or ``^ng:barrier/ng:actor``, and its triples.

    >>> path_triples("rdf:type")[0].value
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
    """
    if text.startswith("<") and text.endswith(">"):
        return NamedNode(text[1:-1]), []
    if "|" in text:
        parts, triples = _list(text.split("|"))
        node = BlankNode()
        return node, [Triple(node, SH["alternativePath"], parts), *triples]
    if "/" in text:
        return _list(text.split("/"))
    if text.startswith("^"):
        inner, triples = path_triples(text[1:])
        node = BlankNode()
        return node, [Triple(node, SH["inversePath"], inner), *triples]
    prefix, _, local = text.partition(":")
    return NamedNode(PREFIXES[prefix] + local), []


def _list(texts: Sequence[str]) -> Made:
    """An RDF list of paths."""
    if not texts:
        return RDF["nil"], []
    first, triples = path_triples(texts[0])
    rest, more = _list(texts[1:])
    cell = BlankNode()
    here = [Triple(cell, RDF["first"], first), Triple(cell, RDF["rest"], rest)]
    return cell, [*here, *triples, *more]
