"""The canned queries over HTTP, on a real server: list, answers, formats, pages, and what is refused."""

import csv
import io

import httpx
import pytest

from natgraph.library import all_canned
from natgraph.terms import BASE
from tests.test_cli import natgraph

pytestmark = pytest.mark.xdist_group("server")

PATH = "/api/v1/queries"
BARRIER = f"{BASE}id/barrier/reuse-hard-to-scale"


@pytest.fixture(scope="module")
def client(server):
    with httpx.Client(base_url=server[0], timeout=30) as made:
        yield made


def test_all_are_listed_with_their_text(client):
    listed = client.get(PATH).json()
    assert listed["total"] == len(listed["queries"]) == len(all_canned())
    for told, query in zip(listed["queries"], all_canned(), strict=True):
        assert told["name"] == query.name
        assert told["query"] == query.text
        assert set(told["title"]) == set(told["summary"]) == {"sv", "en"}
        assert {p["name"] for p in told["parameters"]} == {p.name for p in query.parameters}


def test_the_list_has_pages(client):
    first = client.get(PATH, params={"limit": 2}).json()
    assert len(first["queries"]) == 2
    second = client.get(first["_links"]["next"]["href"].partition("/api")[2].join(("/api", ""))).json()
    assert second["queries"][0]["name"] == all_canned()[2].name
    assert "prev" in second["_links"]


@pytest.mark.parametrize("query", all_canned(), ids=lambda query: query.name)
def test_every_example_is_answered_and_its_text_asks_the_same(client, query):
    params = {**query.example, "limit": 1000}
    answer = client.get(f"{PATH}/{query.name}", params=params)
    body = answer.json()
    assert answer.status_code == 200
    assert body["total"] == len(body["rows"]) > 0
    assert body["dataVersion"] == answer.headers["natgraph-version"]
    assert all(list(row) == body["columns"] for row in body["rows"])
    table = client.get(f"{PATH}/{query.name}", params={**params, "format": "csv"})
    again = client.post("/sparql", data={"query": body["query"]}, headers={"Accept": "text/csv"})
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text == again.text
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == body["total"]


def test_values_are_what_json_has_for_them(client):
    row = client.get(f"{PATH}/behind-a-barrier", params={"barrier": "reuse-hard-to-scale"}).json()["rows"][0]
    assert row["barrier"] == BARRIER
    assert isinstance(row["byStatedSteps"], bool)
    rows = client.get(f"{PATH}/platforms").json()["rows"]
    assert {type(row["to"]) for row in rows} <= {str, type(None)}
    row = client.get(f"{PATH}/root-causes-by-reach").json()["rows"][0]
    assert isinstance(row["reach"], int)
    row = client.get(f"{PATH}/projects-of-a-platform", params={"platform": "kiruna"}).json()["rows"][0]
    assert row["grant"] == 8_125_000


def test_a_thing_is_named_by_slug_or_iri(client):
    by_slug, by_iri = (
        client.get(f"{PATH}/roots-of-a-barrier", params={"barrier": value}).json()
        for value in ("reuse-hard-to-scale", BARRIER)
    )
    assert by_slug["rows"] == by_iri["rows"] != []
    assert by_slug["parameters"]["barrier"] == BARRIER


def test_the_language_is_asked_for_or_accepted(client):
    swedish = client.get(f"{PATH}/platforms").json()
    english = client.get(f"{PATH}/platforms", headers={"Accept-Language": "en"}).json()
    asked = client.get(f"{PATH}/platforms", params={"lang": "en"}).json()
    assert swedish["parameters"] == {"lang": "sv"}
    assert english["rows"] == asked["rows"] != swedish["rows"]


def test_pages_follow_one_another(client):
    path, seen = f"{PATH}/root-causes-by-reach?limit=40", []
    while path:
        page = client.get(path)
        body = page.json()
        seen += [row["root"] for row in body["rows"]]
        following = body["_links"].get("next")
        assert ('rel="next"' in page.headers["link"]) == bool(following)
        path = following and "/api" + following["href"].partition("/api")[2]
    assert len(seen) == len(set(seen)) == body["total"] > 80
    assert len(client.get(f"{PATH}/root-causes-by-reach").json()["rows"]) == 20


@pytest.mark.parametrize(
    ("accept", "gets"),
    [
        (None, "application/json"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv", "text/csv"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
    ],
)
def test_the_client_chooses_the_format(client, accept, gets):
    headers = {"Accept": accept} if accept else {}
    answer = client.get(f"{PATH}/platforms", headers=headers)
    assert answer.headers["content-type"].partition(";")[0] == gets


def test_an_unchanged_answer_is_not_sent_again(client):
    first = client.get(f"{PATH}/platforms")
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get(f"{PATH}/platforms", headers=known).status_code == 304
    for other in ({"lang": "en"}, {"limit": 3}, {"format": "csv"}):
        assert client.get(f"{PATH}/platforms", params=other, headers=known).status_code == 200


@pytest.mark.parametrize(
    ("path", "params", "status", "says"),
    [
        ("behind-barrier", {}, 404, "behind-a-barrier"),
        ("behind-a-barrier", {}, 400, "barrier"),
        ("behind-a-barrier", {"barrier": "reuse-hard-to-scal"}, 404, "reuse-hard-to-scale"),
        ("behind-a-barrier", {"barier": "reuse-hard-to-scale"}, 400, "barrier"),
        ("behind-a-barrier", {"barrier": f"{BASE}id/platform/kiruna"}, 404, "barrier"),
        ("behind-a-barrier", {"barrier": ["a", "b"]}, 400, "more than once"),
        ("behind-a-barrier", {"barrier": BARRIER + "> ?p ?o . ?s ?x <urn:y"}, 404, "not in the graph"),
        ("behind-a-barrier", {"barrier": BARRIER, "lang": 'sv" } UNION { ?s ?p ?o'}, 400, "language"),
        ("measures-and-effects", {"since": "2020) || (1=1"}, 400, "whole number"),
        ("platforms", {"limit": 0}, 400, "limit"),
        ("platforms", {"limit": 1001}, 400, "limit"),
        ("platforms", {"offset": -1}, 400, "offset"),
        ("platforms", {"format": "docx"}, 406, "csv"),
    ],
)
def test_what_cannot_be_answered_says_why(client, path, params, status, says):
    answer = client.get(f"{PATH}/{path}", params=params)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]


def test_a_client_that_takes_no_such_format_is_told(client):
    assert client.get(f"{PATH}/platforms", headers={"Accept": "image/png"}).status_code == 406


def test_head_has_the_headers_only(client):
    answer = client.head(f"{PATH}/platforms")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["etag"]


def test_the_description_meets_the_profile(client):
    paths = client.get("/openapi.json").json()["paths"]
    for path in (PATH, f"{PATH}/{{name}}"):
        get = paths[path]["get"]
        assert get["description"]
        given = {parameter["name"]: parameter for parameter in get["parameters"]}
        assert {"limit", "offset"} <= set(given)
        assert given["limit"]["schema"]["minimum"] == 1
        for status, response in get["responses"].items():
            assert response["description"]
            media = set(response["content"])
            assert media == {"application/problem+json"} or status == "200"
            assert all(body.get("example") for body in response["content"].values())


def test_the_front_page_asks_in_its_language(client):
    assert "&#34;en&#34;" in client.get("/", params={"lang": "en"}).text
    assert "&#34;sv&#34;" in client.get("/", params={"lang": "sv"}).text


def test_the_terminal_has_them_too():
    done = natgraph(
        "query",
        "behind-a-barrier",
        "--param",
        "barrier=reuse-hard-to-scale",
        "--lang",
        "en",
        "--format",
        "csv",
    )
    assert "CE-marking duty for construction products" in done.stdout
    listed = natgraph("query", "--list", "--lang", "en").stdout
    assert all(query.name in listed for query in all_canned())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["behind-a-barrie"], "behind-a-barrier"),
        (["behind-a-barrier"], "barrier"),
        (["behind-a-barrier", "--param", "barrier=reuse"], "not in the graph"),
        (["behind-a-barrier", "--param", "barrier"], "NAME=VALUE"),
        (["nothing.rq"], "no file"),
        ([], "--list"),
        (["-", "--param", "x=1"], "canned"),
    ],
)
def test_the_terminal_says_what_is_wrong(arguments, says):
    done = natgraph("query", *arguments, input="ASK {}")
    assert done.returncode == 2
    assert says in done.stderr
