"""Queries that must not run are refused, wherever they hide what they want; harmless look-alikes pass."""

import pytest

from natgraph.errors import QueryForbidden
from natgraph.guard import MAX_DEPTH, admit

CALLS_OUT = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE SILENT <http://x/> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o OPTIONAL { service ?s { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <http://x/> { ?s ?p ?o } } } }",
    "SELECT * { S\\u0045RVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE <http://x/> { ?s ?p ?o } } }",
    "SELECT (EXISTS { SERVICE <http://x/> { ?s ?p ?o } } AS ?x) {}",
    "SELECT * { ?s ?p ?o } ORDER BY (EXISTS { SERVICE <http://x/> { ?s ?p ?o } })",
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { SERVICE <http://x/> { ?s ?p ?o } } }",
    "SELECT * { broken SERVICE",
]


@pytest.mark.parametrize("query", CALLS_OUT)
def test_service_is_refused(query):
    with pytest.raises(QueryForbidden, match="SERVICE"):
        admit(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?service ?p 'SERVICE <http://x/> {}' } # SERVICE",
        "ASK { ?s a <http://schema.org/Service> }",
        "PREFIX service: <http://x/> SELECT * { ?s service:service ?o }",
    ],
)
def test_the_mere_word_passes(query):
    admit(query)


@pytest.mark.parametrize("pair", ["{}", "()", "[]"])
def test_deep_nesting_is_refused_before_parsing(pair):
    n = MAX_DEPTH + 1
    with pytest.raises(QueryForbidden, match=str(n)):
        admit("SELECT * " + pair[0] * n + pair[1] * n)
    admit("SELECT * " + pair[0] * (n - 1) + pair[1] * (n - 1))
