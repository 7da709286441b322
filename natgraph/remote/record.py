"""What a store says of natgraph's data in it: version, graphs, and what stands for the default graph.

It stands in a graph of its own, which is no part of the data. Publishing writes it last; while it is not
whole, there is no version.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

from natgraph.remote.answers import table
from natgraph.remote.asked import Form
from natgraph.remote.store import Parameters, Store
from natgraph.terms import OWL, SCHEMA, Namespace, record

GRAPH: Final = record("source", "natgraph-version")
"""The graph of the record, and what is said there of the data as a whole."""

SD = Namespace("sd", "http://www.w3.org/ns/sparql-service-description#")
_WHOLE = """
SELECT ?p ?o WHERE { GRAPH <https://w3id.org/natgraph/id/source/natgraph-version> {
  <https://w3id.org/natgraph/id/source/natgraph-version> ?p ?o
} }"""
_GRAPHS = """
SELECT ?graph ?hash WHERE { GRAPH <https://w3id.org/natgraph/id/source/natgraph-version> {
  ?graph <https://schema.org/sha256> ?hash
} }"""
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_MOST = 1 << 28
Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Record:
    """The version of the data (None: not whole, or not natgraph's), and how the store holds it.

    ``default_graph`` is the graph that stands for the default graph in a store whose own is the union of
    all; ``graphs`` are the named graphs and the SHA-256 of their sorted N-Triples ("": not whole).
    """

    version: str | None = None
    default_graph: str | None = None
    graphs: Mapping[str, str] = field(default_factory=dict)

    def triples(self) -> Iterator[Triple]:
        """The record as it stands in its graph."""
        if self.version:
            yield Triple(GRAPH, OWL["versionInfo"], Literal(self.version))
        if self.default_graph:
            yield Triple(GRAPH, SD["defaultGraph"], NamedNode(self.default_graph))
        for graph, digest in self.graphs.items():
            yield Triple(NamedNode(graph), SCHEMA["sha256"], Literal(digest))


async def read(store: Store, known: Record | None = None) -> Record:
    """The record that a store holds, if any; its graphs are asked for only if it is not the ``known`` one.

    Raises what asking a store raises.
    """
    found = await _rows(store, _WHOLE)
    said = {row["p"]: term.value for row in found if not isinstance(term := row["o"], Triple)}
    version, default = said.get(OWL["versionInfo"]), said.get(SD["defaultGraph"])
    if known and version and (version, default) == (known.version, known.default_graph):
        return known
    found = await _rows(store, _GRAPHS)
    graphs = {
        row["graph"].value: row["hash"].value
        for row in found
        if isinstance(row["graph"], NamedNode) and isinstance(row["hash"], Literal)
    }
    return Record(version, default, graphs)


async def holds(store: Store, query: str) -> bool:
    """Whether an ASK query of our own is answered with yes."""
    results = await _results(store, query, "ASK")
    return isinstance(results, QueryBoolean) and bool(results)


async def count(store: Store, graph: str | None) -> int:
    """How many triples a query meets in a graph, or (None) in the default graph."""
    dataset = {"default-graph-uri": graph} if graph else {}
    rows = await _rows(store, _COUNT, dataset)
    number = rows[0].get("n") if rows else None
    return int(number.value) if isinstance(number, Literal) else 0


async def _rows(store: Store, query: str, dataset: Parameters | None = None) -> list[dict[str, Term]]:
    results = await _results(store, query, "SELECT", dataset)
    assert isinstance(results, QuerySolutions)  # noqa: S101 - table() gives nothing else for SELECT
    names = [variable.value for variable in results.variables]
    return [{name: term for name in names if (term := row[name]) is not None} for row in results]


async def _results(
    store: Store, query: str, form: Form, dataset: Parameters | None = None
) -> QuerySolutions | QueryBoolean:
    async with store.ask(form, {"query": query, **(dataset or {})}, _MOST) as body:
        read = b"".join([part async for part in body.parts])
    return table(io.BytesIO(read), body.media_type, form)
