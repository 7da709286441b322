"""Property paths as SHACL writes them in RDF, from the short text that findings carry."""

from collections.abc import Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from natgraph.terms import PREFIXES, RDF, SH

Node = NamedNode | BlankNode
Made = tuple[Node, list[Triple]]


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
