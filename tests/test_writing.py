"""Writing over HTTP: who may, what may be written, and what everyone sees afterwards."""

import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from threading import Event, Thread

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from tests.conftest import free_port, serving
from tests.test_publishing import asked_all_the_time

pytestmark = pytest.mark.xdist_group("writing")

web = httpx.Client(timeout=60)
TOKEN = "0123456789-token-of-anna"
ANNA = {"Authorization": f"Bearer {TOKEN}"}
DATA = "<x:g> { <x:a> <x:b> 'one'@en } <x:a> <x:b> 2 ."
NG = "https://w3id.org/natgraph/"


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A server over other people's data, whose own default graph can be written."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "data.trig").write_text(DATA)
    options = ("--data", folder / "data.trig", "--default-graph", "as-is", "--state", folder / "state")
    log = folder / "queries.log"
    with serving(*options, "--query-log", log, NATGRAPH_TOKEN=f"anna:{TOKEN}") as (url, _):
        yield url, log


@pytest.fixture(scope="module")
def ours(root, tmp_path_factory):
    """A server over the real graph that may be written to."""
    state = tmp_path_factory.mktemp("ours") / "state"
    with serving("--state", state, root=root, NATGRAPH_TOKEN=f"anna:{TOKEN}") as (url, _):
        yield url, state


def update(url, text, **more):
    return web.post(f"{url}/update", data={"update": text}, headers=ANNA, timeout=60, **more)


def table(url, query):
    answer = web.get(f"{url}/sparql", params={"query": query, "format": "csv"})
    assert answer.status_code == 200, answer.text
    return answer.text.split("\r\n")[1:-1]


def version(url):
    return web.get(f"{url}/health/ready").json()["version"]


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, 'Bearer realm="natgraph"'),
        ({"Authorization": "Bearer of-something-else-entirely"}, 'error="invalid_token"'),
        ({"Authorization": f"Basic {TOKEN}"}, "Bearer"),
        ({"Authorization": f"Bearer {TOKEN}x"}, "invalid_token"),
        ({"Authorization": f"Bearer {TOKEN[:-1]}"}, "invalid_token"),
        ({"Authorization": "Bearer å"}, "invalid_token"),
    ],
)
def test_who_has_no_token_changes_nothing(plain, headers, challenge):
    url, before = plain[0], version(plain[0])
    raw = {name.encode(): value.encode() for name, value in headers.items()}
    for method, path in (
        ("POST", "/update"),
        ("PUT", "/graph-store?default"),
        ("POST", "/graph-store?default"),
        ("DELETE", "/graph-store?default"),
        ("GET", "/graph-store/overlay"),
        ("POST", "/publish"),
    ):
        answer = web.request(method, url + path, headers=raw)
        assert answer.status_code == 401, path
        assert challenge in answer.headers["www-authenticate"]
        assert answer.headers["content-type"] == "application/problem+json"
    assert version(url) == before


def test_an_update_is_seen_by_everyone_when_it_is_acknowledged(plain):
    url, _ = plain
    question = {"params": {"query": "SELECT ?o { <x:new> ?p ?o }", "format": "csv"}}
    first = web.get(f"{url}/sparql", **question)
    done = update(url, "INSERT DATA { <x:new> <x:p> 'ö' . GRAPH <x:h> { <x:new> <x:p> 'in h' } }")
    assert done.status_code == 204
    second = web.get(f"{url}/sparql", **question)
    assert second.text.split() == ["o", "ö"]
    assert second.headers["natgraph-version"] == done.headers["natgraph-version"] == version(url)
    assert second.headers["etag"] != first.headers["etag"]
    again = update(url, "INSERT DATA { <x:new> <x:p> 'ö' }")
    assert again.status_code == 204
    assert again.headers["natgraph-version"] == done.headers["natgraph-version"], "nothing has changed"
    body = "DELETE { ?s ?p 'ö' } INSERT { ?s ?p 'ä' } WHERE { ?s ?p 'ö' }"
    direct = {**ANNA, "Content-Type": "application/sparql-update"}
    assert web.post(f"{url}/update", content=body, headers=direct).status_code == 204
    assert table(url, "SELECT ?o { <x:new> ?p ?o }") == ["ä"]
    assert "x:h" in table(url, "SELECT ?g { GRAPH ?g {} }")


@pytest.mark.parametrize(
    ("data", "kind", "status", "word"),
    [
        ({"update": "INSERT DATA {"}, None, 400, "line"),
        ({"update": "SELECT * {}"}, None, 400, ""),
        ({"query": "ASK {}"}, None, 400, "/sparql"),
        ({"update": "CLEAR ALL", "query": "ASK {}"}, None, 400, "/sparql"),
        ({"update": ["CLEAR ALL", "CLEAR ALL"]}, None, 400, "exactly one"),
        ({}, None, 400, "exactly one"),
        ({"update": "CLEAR ALL", "using-graph-uri": "x:g"}, None, 400, "USING"),
        ({"update": "LOAD <http://127.0.0.1:9/>"}, None, 400, "LOAD"),
        ({"update": "L\\u004fAD SILENT <file:///etc/passwd>"}, None, 400, "LOAD"),
        ({"update": "INSERT { ?a ?b ?c } WHERE { SERVICE <http://x/> { ?a ?b ?c } }"}, None, 400, "SERVICE"),
        (b"CLEAR ALL", "text/plain", 415, "application/sparql-update"),
        (b"\xff", "application/sparql-update", 400, "UTF-8"),
        (b"update=%ff", "application/x-www-form-urlencoded", 400, "UTF-8"),
    ],
)
def test_what_is_no_update_is_told_so_and_changes_nothing(plain, data, kind, status, word):
    url, before = plain[0], version(plain[0])
    how = {"data": data} if kind is None else {"content": data}
    headers = ANNA if kind is None else {**ANNA, "Content-Type": kind}
    if data == {}:
        how, headers = {"content": b""}, {**ANNA, "Content-Type": "application/x-www-form-urlencoded"}
    answer = web.post(f"{url}/update", headers=headers, **how)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in json.dumps(answer.json(), ensure_ascii=False)
    assert version(url) == before


def test_updates_are_posted(plain):
    answer = web.get(f"{plain[0]}/update", params={"update": "CLEAR ALL"}, headers=ANNA)
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


def test_no_update_reaches_the_network(plain):
    with socket.create_server(("127.0.0.1", 0)) as there:
        there.settimeout(0.5)
        address = f"http://127.0.0.1:{there.getsockname()[1]}/"
        for text in (
            f"LOAD <{address}>",
            f"LOAD SILENT <{address}> INTO GRAPH <x:l>",
            f"INSERT {{ ?a ?b ?c }} WHERE {{ SERVICE SILENT <{address}> {{ ?a ?b ?c }} }}",
            f"INSERT {{ ?a ?b ?c }} USING <{address}> WHERE {{ ?a ?b ?c }}",
        ):
            update(plain[0], text)
        with pytest.raises(TimeoutError):
            there.accept()


def test_a_graph_is_put_read_added_to_and_taken_away(plain):
    store = f"{plain[0]}/graph-store"
    graph = {"graph": "http://example.org/å"}
    turtle = {**ANNA, "Content-Type": "text/turtle; charset=utf-8"}
    assert web.get(store, params=graph).status_code == 404
    made = web.put(store, params=graph, headers=turtle, content=b"<> <x:p> 'ett'@sv .")
    assert made.status_code == 201
    again = web.put(store, params=graph, headers=turtle, content=b"<> <x:p> 'ett'@sv .")
    assert again.status_code == 204
    more = {**ANNA, "Content-Type": "application/ld+json"}
    added = web.post(store, params=graph, headers=more, content='{"@id": "x:q", "x:p": "två"}'.encode())
    assert added.status_code == 204
    for media_type, form in (
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
    ):
        answer = web.get(store, params=graph, headers={"Accept": media_type})
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert {str(quad.object) for quad in parse(answer.content, form)} == {'"ett"@sv', '"två"'}
    head = web.head(store, params=graph)
    assert head.status_code == 200
    assert not head.content
    replaced = web.put(store, params=graph, headers=turtle, content=b"<x:s> <x:p> <rel> .")
    assert replaced.status_code == 204
    assert table(plain[0], f"SELECT ?o {{ GRAPH <{graph['graph']}> {{ ?s ?p ?o }} }}") == [
        "http://example.org/rel"
    ]
    assert web.delete(store, params=graph, headers=ANNA).status_code == 204
    assert web.delete(store, params=graph, headers=ANNA).status_code == 404
    assert web.head(store, params=graph).status_code == 404


def test_the_default_graph_of_other_data_can_be_written(plain):
    store = f"{plain[0]}/graph-store?default"
    turtle = {**ANNA, "Content-Type": "text/turtle"}
    assert web.post(store, headers=turtle, content=b"<x:in> <x:the> <x:default> .").status_code == 204
    assert "<x:default>" in web.get(store, headers={"Accept": "application/n-triples"}).text


@pytest.mark.parametrize(
    ("request_line", "headers", "content", "status"),
    [
        (("PUT", ""), {"Content-Type": "text/turtle"}, b"", 400),
        (("PUT", "?graph="), {"Content-Type": "text/turtle"}, b"", 400),
        (("PUT", "?graph=x:a&graph=x:b"), {"Content-Type": "text/turtle"}, b"", 400),
        (("PUT", "?graph=x:a&default"), {"Content-Type": "text/turtle"}, b"", 400),
        (("PUT", "?graph=no%20iri"), {"Content-Type": "text/turtle"}, b"<x:a> <x:b> 1 .", 422),
        (("PUT", "?graph=x:a"), {"Content-Type": "text/turtle"}, b"<x:a> <x:b> .", 400),
        (("PUT", "?graph=x:a"), {"Content-Type": "application/pdf"}, b"", 415),
        (("PUT", "?graph=x:a"), {"Content-Type": "application/n-quads"}, b"", 415),
        (("PUT", "?graph=x:a"), {}, b"<x:a> <x:b> 1 .", 415),
        (("GET", ""), {}, None, 400),
        (("GET", "?default"), {"Accept": "image/png"}, None, 406),
        (("PATCH", "?graph=x:a"), {}, b"", 405),
    ],
)
def test_a_wrong_request_to_the_graph_store_is_told_so(plain, request_line, headers, content, status):
    method, query = request_line
    answer = web.request(
        method, f"{plain[0]}/graph-store{query}", headers={**ANNA, **headers}, content=content
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_readers_never_notice_that_others_write(plain):
    url, _ = plain
    with asked_all_the_time(url) as seen:
        writers = [
            Thread(target=update, args=(url, f"INSERT DATA {{ <x:w{n}> <x:p> {n} }}")) for n in range(6)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    assert {status for status, _, _ in seen} == {200}
    assert len(table(url, "SELECT ?s { ?s <x:p> ?n FILTER(STRSTARTS(STR(?s), 'x:w')) }")) == 6


def test_queries_are_noted_without_who_asked(plain):
    url, log = plain
    for _ in range(2):
        table(url, "SELECT ?noted { ?noted ?p ?o }")
    web.get(f"{url}/sparql", params={"query": "SELECT WHERE"})
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    noted = [line for line in lines if "?noted" in line["query"]]
    assert [line["status"] for line in noted] == [200, 200]
    assert noted[1]["again"]
    assert noted[0]["bytes"] > 0
    assert [line["status"] for line in lines if line["query"] == "SELECT WHERE"] == [400]
    assert "127.0.0.1" not in log.read_text()


def _kill_after(process, started, seconds):
    """End a process without warning, so many seconds after its first acknowledgement."""
    started.wait(60)
    time.sleep(seconds)
    process.kill()


def test_what_is_acknowledged_outlives_a_kill_at_any_moment(tmp_path):
    data, state, port = tmp_path / "data.trig", tmp_path / "state", free_port()
    data.write_text(DATA)
    options = ("--data", data, "--state", state)
    acknowledged, chance = set(), random.Random(7)
    for _ in range(5):
        with serving(*options, port=port, NATGRAPH_TOKEN=TOKEN) as (url, process):
            numbers = {int(n) for n in table(url, "SELECT ?n { GRAPH <x:w> { <x:s> <x:p> ?n } }")}
            assert acknowledged <= numbers
            ends = {int(n) for n in table(url, "SELECT ?n { GRAPH <x:w2> { <x:s> <x:p> ?n } }")}
            assert ends == numbers, "a write is there with all of its graphs or not at all"
            started = Event()
            moment = chance.uniform(0, 1)
            killer = Thread(target=_kill_after, args=(process, started, moment))
            killer.start()
            for number in range(max(numbers, default=0) + 1, 10_000):
                statement = f"<x:s> <x:p> {number}"
                text = f"INSERT DATA {{ GRAPH <x:w> {{ {statement} }} GRAPH <x:w2> {{ {statement} }} }}"
                try:
                    if update(url, text).status_code == 204:
                        acknowledged.add(number)
                        started.set()
                except httpx.TransportError:
                    break
            killer.join()
            process.wait()
    assert acknowledged


def test_a_write_that_breaks_a_shape_is_refused_with_the_report(ours):
    url, _ = ours
    before = version(url)
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    kiruna = f"<{NG}id/platform/kiruna>"
    answer = update(
        url, f"DELETE {{ GRAPH ?g {{ {kiruna} {label} ?l }} }} WHERE {{ GRAPH ?g {{ {kiruna} {label} ?l }} }}"
    )
    assert answer.status_code == 422
    (finding, *_) = answer.json()["report"]
    assert finding["focus"] == f"{NG}id/platform/kiruna"
    assert finding["severity"] == "violation"
    assert set(finding["messages"]) == {"sv", "en"}
    assert version(url) == before
    unnamed = update(url, f"INSERT DATA {{ {kiruna} {label} 'x' }}")
    assert unnamed.status_code == 422
    assert "Name a graph" in unnamed.json()["detail"]
    derived = update(url, f"CLEAR GRAPH <{NG}id/source/natgraph-rules>")
    assert derived.status_code == 422
    assert version(url) == before


def test_a_write_is_derived_from_served_after_a_restart_and_imported(ours, root, tmp_path):
    url, _ = ours
    barrier = table(
        url, f"SELECT ?b ?g {{ GRAPH ?g {{ ?b a <{NG}def/PolicyBarrier> }} }} ORDER BY ?b LIMIT 1"
    )[0].split(",")
    text = (
        f"INSERT DATA {{ GRAPH <{barrier[1]}> {{ <{barrier[0]}> "
        "<http://www.w3.org/2004/02/skos/core#altLabel> 'Ett annat namn'@sv } }"
    )
    done = update(url, text)
    assert done.status_code == 204, done.text
    overlay = web.get(f"{url}/graph-store/overlay", headers=ANNA).json()
    assert overlay["version"] == done.headers["natgraph-version"]
    copy = tmp_path / "copy"
    for part in ("data", "ontology", "shapes"):
        shutil.copytree(root.folder / part, copy / part)
    imported = subprocess.run(
        [sys.executable, "-m", "natgraph", "--root", copy, "import", "--from-server", url],
        env={**os.environ, "NATGRAPH_TOKEN": TOKEN},
        capture_output=True,
        text=True,
        check=False,
    )
    assert imported.returncode == 0, imported.stdout + imported.stderr
    assert overlay["version"][:12] in imported.stdout
    changed = re.findall(r"(data/\S+): changed", imported.stdout)
    assert len(changed) == 1
    assert "Ett annat namn" in (copy / changed[0]).read_text()


@pytest.mark.parametrize(
    ("token", "options", "word"),
    [
        (TOKEN, (), "--state"),
        ("short", ("--state", "here"), "16 characters"),
        (f"a:{TOKEN} a:{TOKEN}2", ("--state", "here"), "one name"),
    ],
)
def test_a_server_that_cannot_be_written_to_rightly_does_not_start(tmp_path, token, options, word):
    data = tmp_path / "data.trig"
    data.write_text(DATA)
    ended = subprocess.run(
        [sys.executable, "-m", "natgraph", "serve", "--data", data, *options],
        env={**os.environ, "NATGRAPH_TOKEN": token},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 2
    assert word in ended.stderr
