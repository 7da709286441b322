"""Queries that must not run are refused, wherever they hide what they want; harmless look-alikes pass."""

import pytest

from natgraph.engine.dataset import named_by
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
    "SELECT * { ?s ?p '''it's''' . SERVICE <http://x/> { ?s ?p ?o } }",
    'SELECT * { ?s ?p """a "quoted" text""" SERVICE <http://x/> {} }',
    "SELECT * { ?s ?p ?o FILTER(?a<?b) SERVICE<http://x/>{} }",
    "PREFIX a: <http://a/#'> SELECT * { ?s ?p 1 SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p ?o # a comment with a ' quote\n SERVICE <http://x/> {} }",
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
        'SELECT * { ?s ?p -1.5 FILTER("service" != "x") }',
        "SELECT * { ?s <http://x/SERVICE> ?service ; ?p 'it\\'s SERVICE <x> {}' }",
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


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * FROM <http://a/b> { ?s ?p ?o }", ["http://a/b"], []),
        (
            "BASE <http://b/> PREFIX x: <http://x/> ASK FROM <a> FROM NAMED x:n FROM x:c {}",
            ["http://b/a", "http://x/c"],
            ["http://x/n"],
        ),
        ("BASE <http://e/x/> BASE <../> SELECT * FROM <a> { ?s ?p -1.5 }", ["http://e/a"], []),
        ("PREFIX : <http://x/> SELECT * FROM :c\\~z from named :d {}", ["http://x/c~z"], ["http://x/d"]),
        ("CONSTRUCT { ?s ?p 'FROM <http://no/>' } FROM <http://a/> WHERE { ?s ?p ?o }", ["http://a/"], []),
        ("SELECT ?from { ?s ?p 'FROM' } # FROM <http://no/>", [], []),
        ("DESCRIBE <http://x/> FROM <http://a/>", ["http://a/"], []),
        ("nonsense FROM", [], []),
    ],
)
def test_the_dataset_that_a_query_names(query, default, named):
    assert named_by(query) == (default, named)
