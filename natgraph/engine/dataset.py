"""The dataset that a query names itself (FROM, FROM NAMED), and the store it is evaluated over."""

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from natgraph.errors import QuerySyntax
from natgraph.tokens import Token, tokens, unescape

Node = NamedNode | BlankNode
_FROM = re.compile(r"\bFROM\b", re.IGNORECASE)
_HOME = "http://localhost/"
"""What relative IRIs of a query without BASE are relative to; no graph of a store is called so."""


def named_by(query: str) -> tuple[list[str], list[str]]:
    """The graphs that a query names by FROM and by FROM NAMED, as absolute IRIs.

    The dataset clauses stand outside of all brackets (SPARQL 1.1, rule 13). Their IRIs and prefixed names are
    resolved by a Turtle parser, which knows the same BASE and PREFIX lines.
    """
    if not _FROM.search(query):
        return [], []
    words = list(tokens(unescape(query)))
    default, named = [], []
    for number, token in enumerate(words):
        if token.depth == 0 and _is(token, "FROM") and number + 1 < len(words):
            after = words[number + 1]
            if not _is(after, "NAMED"):
                default.append(after.text)
            elif number + 2 < len(words):
                named.append(words[number + 2].text)
    return _resolve(words, default), _resolve(words, named)


def nodes(iris: list[str]) -> list[Node]:
    """The graphs of those names, each once; raises QuerySyntax for one that is no absolute IRI."""
    try:
        return [NamedNode(iri) for iri in dict.fromkeys(iris)]
    except ValueError as error:
        raise QuerySyntax(f"A graph of the dataset is not named by an absolute IRI: {error}") from error


def merged(store: Store, graphs: list[Node], names: list[Node]) -> Store:
    """A store whose default graph is the merge of some graphs, each triple once, beside some named ones.

    The engine's own union of graphs counts a triple once a graph.
    """
    made = Store()
    for graph in graphs:
        quads = store.quads_for_pattern(None, None, None, graph)
        made.extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads)
    for name in names:
        made.extend(store.quads_for_pattern(None, None, None, name))
    return made


def _resolve(words: list[Token], terms: list[str]) -> list[str]:
    if not terms:
        return []
    turtle = f"{' '.join(_prologue(words))} <urn:s> <urn:p> {', '.join(terms)} ."
    try:
        quads = list(parse(turtle, RdfFormat.TURTLE, base_iri=_HOME))
    except SyntaxError:
        return []  # then the query is no SPARQL either, and the engine says where
    return [quad.object.value for quad in quads if isinstance(quad.object, NamedNode)]


def _prologue(words: list[Token]) -> Iterator[str]:
    """The BASE and PREFIX lines at the start of a query."""
    at = 0
    while at < len(words) and (_is(words[at], "BASE") or _is(words[at], "PREFIX")):
        size = 2 if _is(words[at], "BASE") else 3
        yield from (word.text for word in words[at : at + size])
        at += size


def _is(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.upper() == word
