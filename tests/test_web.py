"""The server as its users meet it: a real process, a real port."""

import json
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from xml.etree import ElementTree

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from tests.conftest import below

pytestmark = pytest.mark.xdist_group("server")

COUNT = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/natgraph/def/InnovationPlatform> }"
CONSTRUCT = "CONSTRUCT { ?s a ?c } { ?s a ?c } LIMIT 3"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a = ?i) }"


@pytest.fixture
def client(server):
    with httpx.Client(base_url=server[0], timeout=30) as client:
        yield client


def ask(client, query, **headers):
    return client.get("/sparql", params={"query": query}, headers=headers)


def test_it_says_which_data_it_serves(client, dataset):
    assert client.get("/health/ready").json() == {"status": "ready", "version": dataset.version}
    assert client.get("/health/live").json() == {"status": "alive"}


def test_get_post_form_and_post_direct_give_the_same(client):
    answers = [
        client.get("/sparql", params={"query": COUNT}),
        client.post("/sparql", data={"query": COUNT}),
        client.post("/sparql", content=COUNT, headers={"Content-Type": "application/sparql-query"}),
    ]
    assert {a.status_code for a in answers} == {200}
    assert {a.json()["results"]["bindings"][0]["n"]["value"] for a in answers} == {"14"}


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_tables_come_in_four_formats(client, name):
    media = {
        "json": "application/sparql-results+json",
        "xml": "application/sparql-results+xml",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
    }[name]
    by_header = ask(client, COUNT, Accept=media)
    by_name = client.get("/sparql", params={"query": COUNT, "format": name})
    assert by_header.content == by_name.content
    assert by_header.headers["content-type"].startswith(media)
    assert "Accept" in by_header.headers["vary"]
    assert b"14" in by_header.content
    if name == "xml":
        ElementTree.fromstring(by_header.content)


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
    ],
)
def test_graphs_come_in_the_formats_of_rdf(client, media, form):
    answer = ask(client, CONSTRUCT, Accept=media)
    assert answer.headers["content-type"].startswith(media)
    assert len(list(parse(answer.content, form))) == 3


def test_the_client_chooses_by_quality(client):
    answer = ask(client, COUNT, Accept="text/csv;q=0.2, application/sparql-results+xml;q=0.9, */*;q=0.1")
    assert answer.headers["content-type"] == "application/sparql-results+xml"


def test_a_format_nobody_has_is_406(client):
    answer = ask(client, COUNT, Accept="image/png")
    assert answer.status_code == 406
    assert "application/sparql-results+json" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("SELECT * {\n ?s ?p }", "line"),
        ("INSERT DATA { <http://a> <http://b> <http://c> }", "update"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * " + "{" * 3000 + "}" * 3000, "nests"),
        ("", "SPARQL"),
    ],
)
def test_bad_queries_are_400_with_a_reason(client, query, part):
    answer = ask(client, query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    assert part in json.dumps(problem)
    assert "Traceback" not in answer.text
    assert "/natgraph/" not in answer.text.replace("w3id.org/natgraph/", "")


def test_a_syntax_error_has_line_and_column(client):
    problem = ask(client, "SELECT *\n{ ?s ?p }").json()
    assert problem["line"] == 2
    assert problem["column"] > 0


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda c: c.get("/sparql?update=CLEAR%20ALL"), 400),
        (lambda c: c.get("/sparql?query=%FF"), 400),
        (lambda c: c.get("/sparql?query=ASK%7B%7D&timeout=soon"), 400),
        (lambda c: c.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D"), 400),
        (lambda c: c.post("/sparql", data={"query": "ASK {}", "update": "CLEAR ALL"}), 400),
        (lambda c: c.post("/sparql", content=b"ASK {}", headers={"Content-Type": "text/plain"}), 415),
        (
            lambda c: c.post(
                "/sparql", content=b"\xff", headers={"Content-Type": "application/sparql-query"}
            ),
            400,
        ),
        (
            lambda c: c.post(
                "/sparql", content=b" " * 1_000_001, headers={"Content-Type": "application/sparql-query"}
            ),
            413,
        ),
        (lambda c: c.put("/sparql"), 405),
        (lambda c: c.get("/nowhere"), 404),
    ],
)
def test_bad_requests_are_problem_documents(client, send, status):
    answer = send(client)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_nothing_is_fetched(client):
    with closing(socket.create_server(("127.0.0.1", 0))) as trap:
        trap.settimeout(1)
        there = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        for query in (
            f"SELECT * {{ SERVICE SILENT <{there}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }}",
            f"SELECT * FROM <{there}> {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED <{there}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"LOAD <{there}>",
            "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        ):
            answer = ask(client, query)
            assert answer.status_code == 400 or not answer.json()["results"]["bindings"]
        with pytest.raises(TimeoutError):
            trap.accept()


def test_named_graphs_can_be_asked(client):
    query = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert int(ask(client, query).json()["results"]["bindings"][0]["n"]["value"]) > 100


def test_a_query_that_takes_too_long_is_stopped_and_others_go_on(client):
    start = time.monotonic()
    with ThreadPoolExecutor(4) as threads:
        slow = [threads.submit(ask, client, ENDLESS) for _ in range(3)]
        answers = [s.result() for s in slow]
    assert {a.status_code for a in answers} == {504}
    assert answers[0].json()["detail"].startswith("The query was stopped after 2 s")
    assert time.monotonic() - start < 10
    assert ask(client, COUNT).status_code == 200


def test_killed_processes_are_replaced(server, client):
    ask(client, f"{COUNT} # so that a worker is there")
    holder, *workers = below(server[1].pid)
    assert workers
    for victims in (workers, [holder], below(server[1].pid)):
        for victim in victims:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        answers = [ask(client, f"{COUNT} # {n} {victims}").status_code for n in range(6)]
        assert set(answers) <= {200, 503}
        assert answers[-1] == 200
    assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize(
    ("lang", "words"),
    [("sv", "Tre frågor att börja med"), ("en", "Three questions to start with")],
)
def test_the_front_page_speaks_both_languages(client, lang, words):
    for page in (
        client.get("/", params={"lang": lang}),
        client.get("/", headers={"Accept-Language": f"{lang}-x, fr;q=0.5"}),
    ):
        assert page.headers["content-language"] == lang
        assert words in page.text
        assert f'<html lang="{lang}">' in page.text
        assert ">235<" in page.text


def test_a_browser_gets_a_table_and_texts_stay_texts(client):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = ask(
        client, 'SELECT ("<script>alert(1)</script>" AS ?x) (<javascript:alert(1)> AS ?y) {}', **browser
    )
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert 'href="javascript' not in page.text
    assert client.get("/sparql", headers=browser).status_code == 303


def test_the_three_example_queries_run(client):
    page = client.get("/", params={"lang": "en"}).text
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('<summary><a href="')[1:]]
    assert len(links) == 3
    for link in links:
        answer = client.get(f"{link}&format=json")
        assert answer.status_code == 200
        assert answer.json()["results"]["bindings"]
