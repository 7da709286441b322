"""A store as text, graph by graph, so that two states of it can be compared and written down.

A graph is known by its IRI, the default graph by the empty text. A statement is its triple as in N-Triples,
literals as the store writes them, without the final dot.
"""

from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from natgraph.errors import WriteRefused

DEFAULT = ""
Graphs = Mapping[str, bytes]
"""Graph → its N-Triples. Two states of one store compare equal where nothing has changed."""


def graphs(store: Store) -> dict[str, bytes]:
    """The content of a store's graphs; those without statements are left out."""
    names: list[NamedNode | BlankNode | DefaultGraph] = [DefaultGraph(), *store.named_graphs()]
    return {key(name): content for name in names if (content := triples(store, name))}


def triples(store: Store, graph: NamedNode | BlankNode | DefaultGraph) -> bytes:
    """The N-Triples of one graph of a store."""
    return store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""


def key(graph: NamedNode | BlankNode | DefaultGraph | Triple) -> str:
    """What a graph is known by."""
    if isinstance(graph, DefaultGraph):
        return DEFAULT
    return graph.value if isinstance(graph, NamedNode) else str(graph)


def node(graph: str) -> NamedNode | DefaultGraph:
    """The graph of that key; raises WriteRefused for one that is no absolute IRI."""
    if graph == DEFAULT:
        return DefaultGraph()
    try:
        return NamedNode(graph)
    except ValueError as error:
        raise WriteRefused(f"A graph is named by an absolute IRI; {graph} is none: {error}") from error


def statements(content: bytes) -> set[str]:
    """The statements of N-Triples that a store has written."""
    return {line.removesuffix(" .") for line in content.decode().split("\n") if line}


def read(graph: str, texts: Iterable[str]) -> list[Quad]:
    """Statements as quads of a graph."""
    lines = "".join(f"{text} .\n" for text in texts)
    name = node(graph)
    return [Quad(t.subject, t.predicate, t.object, name) for t in parse(lines, RdfFormat.N_TRIPLES)]


def nquads(content: Graphs) -> bytes:
    """The sorted N-Quads of graphs, which is the canonical form where there are no blank nodes."""
    lines: list[str] = []
    for graph, body in content.items():
        name = _written(graph)
        lines.extend(f"{line.removesuffix('.')}{name}.\n" for line in body.decode().split("\n") if line)
    return "".join(sorted(lines)).encode()


def has_blank(content: bytes) -> bool:
    """Whether there is a blank node in N-Triples."""
    return b"_:" in content and any(
        _blank(quad.subject) or _blank(quad.object) for quad in parse(content, RdfFormat.N_TRIPLES)
    )


def unnamed(lines: Iterable[str]) -> str | None:
    """The first line of N-Triples with a blank node or a quoted triple, if there is one."""
    suspects = [line for line in lines if "_:" in line or "<<" in line]
    found = zip(suspects, parse("\n".join(suspects), RdfFormat.N_TRIPLES), strict=True)
    kinds = BlankNode | Triple
    return next((s for s, q in found if isinstance(q.subject, kinds) or isinstance(q.object, kinds)), None)


def _blank(term: object) -> bool:
    if isinstance(term, Triple):
        return _blank(term.subject) or _blank(term.object)
    return isinstance(term, BlankNode)


def _written(graph: str) -> str:
    if graph == DEFAULT:
        return ""
    return f"{graph} " if graph.startswith("_:") else f"<{graph}> "
