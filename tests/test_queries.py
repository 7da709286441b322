"""Running queries: parameters are terms, errors have places, the library explains itself."""

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from natgraph.errors import DataFault, QueryForbidden, QuerySyntax
from natgraph.formats import GRAPHS, RESULTS, by_name, write
from natgraph.library import library, records
from natgraph.queries import rows, run

TRIPLES = '<http://x/s> <http://x/state> "public" .\n<http://x/t> <http://x/state> "secret" .\n'


@pytest.fixture
def tiny():
    store = Store()
    store.load(TRIPLES.encode(), RdfFormat.N_TRIPLES)
    return store


def test_a_parameter_is_a_term_not_text(tiny):
    query = "SELECT ?s ?state { ?s <http://x/state> ?state }"
    assert len(rows(tiny, query, {"state": Literal("public")})) == 1
    assert rows(tiny, query, {"state": Literal("public' } UNION { ?s ?p 'other")}) == []
    assert len(rows(tiny, query, {"s": NamedNode("http://x/t")})) == 1


def test_a_syntax_error_has_line_and_column(tiny):
    with pytest.raises(QuerySyntax) as caught:
        run(tiny, "SELECT *\n{ ?s ?p }")
    assert caught.value.line == 2
    assert caught.value.column


@pytest.mark.parametrize(
    "update", ["INSERT DATA { <a:b> <a:b> <a:b> }", "LOAD <http://127.0.0.1:9/>", "DROP ALL"]
)
def test_updates_are_no_queries(tiny, update):
    with pytest.raises(QuerySyntax, match="update"):
        run(tiny, update)
    assert len(tiny) == 2


def test_service_is_forbidden(tiny):
    with pytest.raises(QueryForbidden):
        run(tiny, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


@pytest.mark.parametrize("form", RESULTS, ids=lambda f: f.name)
def test_tables_are_written_in_every_format(tiny, form):
    assert b"public" in write(run(tiny, "SELECT ?o { ?s ?p ?o }"), form)


@pytest.mark.parametrize("form", GRAPHS, ids=lambda f: f.name)
def test_graphs_are_written_in_every_format(tiny, form):
    assert b"public" in write(run(tiny, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"), form)


def test_formats_are_found_by_name_and_by_media_type():
    assert by_name("csv", RESULTS) is by_name("text/csv", RESULTS)
    assert by_name("csv", GRAPHS) is None


def test_the_library_is_in_the_graph_for_generic_editors(store):
    found = rows(
        store,
        """
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT ?example ?comment ?query WHERE {
          ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select ?query .
          FILTER(LANG(?comment) = "en")
        }""",
    )
    assert {row["example"].rpartition("/")[2] for row in found} == set(library())
    for row in found:
        assert isinstance(run(store, row["query"]), QuerySolutions)


def test_a_query_without_a_header_is_a_fault(tmp_path):
    (tmp_path / "bare.rq").write_text("SELECT * { ?s ?p ?o }")
    with pytest.raises(DataFault, match="header lacks"):
        list(records(tmp_path))
