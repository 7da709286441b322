"""The SPARQL 1.1 Protocol and what HTTP asks of it, against a real server."""

import json

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from natgraph.terms import RDF, Namespace

pytestmark = pytest.mark.xdist_group("server")

SD = Namespace("sd", "http://www.w3.org/ns/sparql-service-description#")
ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GRAPHS = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
EDITORS = "https://w3id.org/natgraph/id/source/natgraph-editors"
RULES = "https://w3id.org/natgraph/id/source/natgraph-rules"
TYPES = "SELECT ?s ?o { ?s a ?o }"


@pytest.fixture
def client(server):
    with httpx.Client(base_url=server[0], timeout=30) as client:
        yield client


def ask(client, query, headers=None, **parameters):
    return client.get("/sparql", params={"query": query, **parameters}, headers=headers)


def number(answer) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_head_is_get_without_a_body(client):
    got, head = ask(client, ALL), client.head("/sparql", params={"query": ALL})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "etag", "natgraph-limits", "vary"):
        assert head.headers[name] == got.headers[name]


def test_head_of_a_large_answer_frees_its_worker(client):
    for number in range(6):
        query = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} # {number}"
        answer = client.head("/sparql", params={"query": query, "format": "json"})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/sparql-results+json"
    assert "natgraph_queries_heavy 0.0" in client.get("/metrics").text


def test_options_tells_the_methods(client):
    answer = client.options("/sparql")
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_pages_of_other_sites_may_ask(client):
    asked = {"Origin": "https://yasgui.example", "Access-Control-Request-Method": "POST"}
    preflight = client.options("/sparql", headers={**asked, "Access-Control-Request-Headers": "content-type"})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    for answer in (
        ask(client, ALL, {"Origin": "https://yasgui.example"}),
        ask(client, "nonsense", {"Origin": "https://yasgui.example"}),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_answers_are_compressed(client, coding):
    query = "SELECT ?s ?o { ?s a ?o } LIMIT 2000"
    plain = ask(client, query, {"Accept-Encoding": "identity"})
    packed = ask(client, query, {"Accept-Encoding": coding})
    assert packed.headers["content-encoding"] == coding
    assert "accept-encoding" in packed.headers["vary"].lower()
    if coding == "gzip":
        assert packed.json() == plain.json()


def test_an_unchanged_answer_is_not_sent_again(client):
    first = ask(client, ALL)
    again = ask(client, ALL, {"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    for headers in ({"Accept": "text/csv"}, {"Accept": "application/sparql-results+xml"}):
        assert ask(client, ALL, headers).headers["etag"] != first.headers["etag"]
    assert ask(client, GRAPHS).headers["etag"] != first.headers["etag"]
    assert ask(client, ALL, {"If-None-Match": '"something else"'}).status_code == 200


def test_every_answer_tells_the_limits_and_the_version(client, dataset):
    for answer in (ask(client, ALL), ask(client, "DESCRIBE <https://w3id.org/natgraph/id/platform/kiruna>")):
        limits = dict(part.split("=") for part in answer.headers["natgraph-limits"].split(", "))
        assert set(limits) == {"seconds", "rows", "bytes", "memory", "depth", "text"}
        assert answer.headers["natgraph-version"] == dataset.version


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("application/*;q=0.5, text/csv;q=0.4", "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("application/json", "application/sparql-results+json"),
        ("text/tab-separated-values, text/csv;q=0.9", "text/tab-separated-values"),
    ],
)
def test_negotiation(client, accept, expected):
    answer = ask(client, ALL, {"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == expected


def test_a_graph_format_does_for_no_table_and_the_other_way_round(client):
    assert ask(client, ALL, format="ttl").status_code == 406
    assert ask(client, "CONSTRUCT WHERE { ?s ?p ?o }", format="csv").status_code == 406


# Datasets (protocol, section 2.1.4): the protocol's wins over the query's, unknown graphs are empty.


def test_a_named_default_graph_is_all_there_is(client, store):
    expected = len(list(store.quads_for_pattern(None, None, None, NamedNode(RULES))))
    assert number(ask(client, ALL, **{"default-graph-uri": RULES})) == expected
    assert number(ask(client, f"SELECT (COUNT(*) AS ?n) FROM <{RULES}> {{ ?s ?p ?o }}")) == expected
    assert number(ask(client, GRAPHS, **{"default-graph-uri": RULES})) == 0
    posted = client.post("/sparql", data={"query": ALL, "default-graph-uri": RULES})
    assert number(posted) == expected


def test_the_protocol_wins_over_the_query(client):
    query = f"SELECT (COUNT(*) AS ?n) FROM <{EDITORS}> {{ ?s ?p ?o }}"
    rules = number(ask(client, ALL, **{"default-graph-uri": RULES}))
    assert number(ask(client, query, **{"default-graph-uri": RULES})) == rules != number(ask(client, query))


def test_two_default_graphs_are_merged_without_doubles(client, store):
    # every triple of a graph that is named twice, or that two graphs share, counts once
    page, data = "https://w3id.org/natgraph/id/source/natgraph-editors", RULES
    both = {
        (q.subject, q.predicate, q.object)
        for name in (page, data)
        for q in store.quads_for_pattern(None, None, None, NamedNode(name))
    }
    assert number(ask(client, ALL, **{"default-graph-uri": [page, data]})) == len(both)
    for query in (
        f"SELECT (COUNT(*) AS ?n) FROM <{page}> FROM <{data}> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) FROM <{page}> FROM <{data}> {{ ?s ?p ?o OPTIONAL {{ ?s <x:p> -1.5 }} }}",
    ):
        assert number(ask(client, query)) == len(both)


def test_graphs_that_share_triples_are_merged_without_doubles(client, store):
    shared: dict[tuple, list[str]] = {}
    for q in store:
        if isinstance(q.graph_name, NamedNode):
            shared.setdefault((q.subject, q.predicate, q.object), []).append(q.graph_name.value)
    one, two = next(graphs for graphs in shared.values() if len(graphs) > 1)[:2]
    sizes = [number(ask(client, ALL, **{"default-graph-uri": g})) for g in (one, two)]
    merged = number(ask(client, ALL, **{"default-graph-uri": [one, two]}))
    assert max(sizes) <= merged < sum(sizes)


def test_only_named_graphs_leave_the_default_graph_empty(client):
    assert number(ask(client, ALL, **{"named-graph-uri": RULES})) == 0
    assert number(ask(client, GRAPHS, **{"named-graph-uri": [RULES, EDITORS]})) == 2
    assert number(ask(client, GRAPHS.replace("{", f"FROM NAMED <{RULES}> {{", 1))) == 1


def test_an_unknown_graph_is_empty_and_nothing_is_fetched(client):
    for graph in ("https://example.org/nowhere", "file:///etc/passwd", "http://127.0.0.1:1/"):
        assert number(ask(client, ALL, **{"default-graph-uri": graph})) == 0
        assert number(ask(client, f"SELECT (COUNT(*) AS ?n) FROM <{graph}> {{ ?s ?p ?o }}")) == 0


def test_a_graph_without_an_absolute_iri_is_refused(client):
    answer = ask(client, ALL, **{"default-graph-uri": "not an iri"})
    assert answer.status_code == 400
    assert "absolute IRI" in answer.json()["detail"]


# Errors of expressions and limits that a client may lower.


@pytest.mark.parametrize(
    "expression", ["1/0", "REGEX('a', '(')", "'x' + 1", "<http://x/f>(1)", "xsd:date('x')"]
)
def test_an_error_in_an_expression_never_breaks_the_service(client, expression):
    prefix = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    answer = ask(client, f"{prefix}SELECT ({expression} AS ?x) {{}}")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json()["results"]["bindings"] == [{}]
    else:
        assert "custom function" in answer.json()["detail"]


def test_a_client_may_lower_the_time_limit_but_not_raise_it(client):
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a = ?i) }"
    short = ask(client, endless, timeout="0.3")
    assert short.status_code == 504
    assert "0.3 s" in short.json()["detail"]
    long = ask(client, endless, timeout="100")
    assert long.status_code == 504
    assert "2 s" in long.json()["detail"]


def test_a_large_answer_that_takes_too_long_says_that_it_is_cut(client):
    rows = "{ ?a ?b ?c . ?d ?e ?f }"
    cut = ask(client, f"SELECT * {rows}", format="json")
    assert cut.status_code == 200
    assert json.loads(cut.content)["truncated"] in ("rows", "time")
    assert b"<!-- truncated: " in ask(client, f"SELECT * {rows}", format="xml").content[-80:]
    for form in ("ttl", "nt", "nq", "trig"):
        query = f"CONSTRUCT {{ ?a ?e ?f }} {rows}"
        assert b"# truncated: " in ask(client, query, format=form).content[-40:]
    for form in ("csv", "tsv"):
        with pytest.raises(httpx.RemoteProtocolError):
            ask(client, f"SELECT * {rows}", format=form)


# The service description (protocol, section 2.1, and SPARQL 1.1 Service Description).


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
    ],
)
def test_the_endpoint_describes_itself(server, client, store, media, form):
    answer = client.get("/sparql", headers={"Accept": media})
    assert answer.headers["content-type"].startswith(media)
    triples = list(parse(answer.content, form))
    endpoint = NamedNode(f"{server[0]}/sparql")
    assert any(
        t.subject == endpoint and t.predicate == RDF["type"] and t.object == SD["Service"] for t in triples
    )
    named = {t.object.value for t in triples if t.predicate == SD["name"]}
    assert named == {g.value for g in store.named_graphs()}
    assert {t.object.value.rpartition("/")[2] for t in triples if t.predicate == SD["resultFormat"]} >= {
        "SPARQL_Results_JSON",
        "Turtle",
    }
    texts = [t.object for t in triples if t.subject == endpoint and "seconds" in t.object.value]
    assert texts


def test_a_browser_without_a_query_comes_to_the_form(client):
    answer = client.get("/sparql", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("#query")
