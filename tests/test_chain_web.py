"""Barrier chains over HTTP: a real server over the real graph, against SPARQL and independent readers."""

import csv
import io
import json
import re
import time
from datetime import date
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx
import jsonschema
import networkx
import pydot
import pytest
from pyld import jsonld
from rdflib import Dataset, URIRef

from natgraph.queries import rows
from natgraph.terms import BASE, record
from tests.conftest import serving

pytestmark = pytest.mark.xdist_group("server")

STALLS = "scaling-of-solutions-stalls"
REUSE = "reuse-hard-to-scale"
PBL = "legal-act/sfs-2010-900"
PREFIX = "PREFIX ng: <https://w3id.org/natgraph/def/> "
ADDRESSES = {
    "/barriers/{id}/chain": f"/barriers/{STALLS}/chain",
    "/barriers/{id}/who-can-act": f"/barriers/{STALLS}/who-can-act",
    "/municipalities/{id}/who-can-act": "/municipalities/boras/who-can-act",
    "/organisations/{id}/who-can-act": "/organisations/malmo-stad/who-can-act",
    "/platforms/{id}/who-can-act": "/platforms/kiruna/who-can-act",
    "/what-if": f"/what-if?remove={PBL}",
    "/smallest-change": f"/smallest-change?goal={REUSE}&anyone=true",
    "/root-causes": "/root-causes",
    "/compare": "/compare?of=boras&of=kiruna",
    "/gaps": "/gaps",
    "/barriers/{id}/timeline": f"/barriers/{REUSE}/timeline",
    "/stalled": "/stalled?years=3",
}
EXPORTED = ("/barriers/{id}/chain", "/what-if")
MEDIA = {
    "json": "application/json",
    "jsonld": "application/ld+json",
    "csv": "text/csv",
    "graphml": "application/graphml+xml",
    "dot": "text/vnd.graphviz",
    "mermaid": "text/vnd.mermaid",
    "svg": "image/svg+xml",
}


def wait_for_chains(url):
    deadline = time.monotonic() + 60
    while (answer := httpx.get(f"{url}/api/v1/stalled?years=99")).status_code == 503:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.1)


@pytest.fixture(scope="module")
def client(server):
    wait_for_chains(server[0])
    with httpx.Client(base_url=f"{server[0]}/api/v1", timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def described(server):
    return httpx.get(f"{server[0]}/openapi.json").json()


def got(client, path, **params):
    answer = client.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def iris(things):
    return {thing["iri"] for thing in things}


def selected(store, query, **bound):
    """One column of a query as a set."""
    return {next(iter(row.values())) for row in rows(store, PREFIX + query, bound)}


@pytest.mark.parametrize("face", ADDRESSES)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_face_answers_as_it_is_described(client, dataset, described, face, lang):
    answer = client.get(ADDRESSES[face], headers={"Accept-Language": lang})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-language"] == lang
    assert answer.headers["natgraph-version"] == dataset.version
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))
    body = answer.json()
    assert (body["dataVersion"], body["language"]) == (dataset.version, lang)
    assert body["how"]
    assert "links" in body["readBy"]
    assert "https://w3id.org/natgraph/id/source/" in answer.text, "the evidence is there"
    said = described["paths"][f"/api/v1{face}"]["get"]["responses"]["200"]["content"]["application/json"]
    for told in (body, said["example"]):
        jsonschema.validate(told, strict(described, said["schema"]), jsonschema.Draft202012Validator)


def strict(described, schema):
    """A schema of the description that knows no other properties than those described."""
    parts = {
        name: {**part, "additionalProperties": False} if "properties" in part else part
        for name, part in described["components"]["schemas"].items()
    }
    return {**schema, "components": {"schemas": parts}}


@pytest.mark.parametrize("face", ADDRESSES)
def test_every_face_has_its_parameters_and_errors_described(described, face):
    said = described["paths"][f"/api/v1{face}"]["get"]
    assert said["description"]
    assert re.search("[åäö]", said["description"]), "also in Swedish"
    assert all(parameter["description"] for parameter in said["parameters"])
    assert "lang" in {parameter["name"] for parameter in said["parameters"]}
    assert {"200", "400", "404", "406", "503", "504"} <= said["responses"].keys()
    assert "422" not in said["responses"]
    for status, response in said["responses"].items():
        assert response["description"]
        assert all("example" in content for content in response["content"].values())
        if status != "200":
            assert list(response["content"]) == ["application/problem+json"]
    offered = set(said["responses"]["200"]["content"])
    assert offered == (set(MEDIA.values()) if face in EXPORTED else {"application/json"})


def test_the_two_languages_differ_in_texts_only(client):
    for path in ADDRESSES.values():
        swedish, english = (
            client.get(path, headers={"Accept-Language": lang}).json() for lang in ("sv", "en")
        )
        assert swedish["how"] != english["how"]
        assert shape(swedish) == shape(english)


def shape(value):
    """What does not depend on the language: IRIs, numbers, truth values, and what is where."""
    match value:
        case dict():
            return {key: shape(part) for key, part in value.items() if key != "_links"}
        case list():
            return [shape(part) for part in value]
        case str() if not value.startswith(BASE):
            return "…"
    return value


@pytest.mark.parametrize("face", ADDRESSES)
def test_validators_heads_links_and_other_sites(client, server, face):
    path = ADDRESSES[face]
    answer = client.get(path, headers={"Origin": "http://elsewhere"})
    assert answer.headers["access-control-allow-origin"] == "*"
    tag = answer.headers["etag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(path, headers={"If-None-Match": tag, "Accept-Language": "en"})
    assert other.status_code == 200, "another language is another answer"
    head = client.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    here = answer.json()["_links"]["self"]["href"]
    assert here == f"{server[0]}/api/v1{path}"
    assert f'<{here}>; rel="self"' in answer.headers["link"]
    assert "seconds=" in answer.headers["natgraph-limits"]


def test_every_link_leads_somewhere(client):
    for path in ADDRESSES.values():
        for link in got(client, path)["_links"].values():
            answer = client.get(link["href"])
            assert answer.status_code == 200, link
            assert answer.headers["content-type"] == link.get("type", "application/json")


@pytest.mark.parametrize(
    ("path", "status", "part"),
    [
        ("/barriers/scaling-of-solution-stalls/chain", 404, STALLS),
        ("/barriers/%00/chain", 404, "not in the graph"),
        ("/barriers/boras/chain", 404, "not in the graph"),
        ("/barriers/scaling-of-solution-stalls/who-can-act", 404, STALLS),
        ("/barriers/scaling-of-solution-stalls/timeline", 404, STALLS),
        ("/municipalities/borass/who-can-act", 404, "boras"),
        ("/municipalities/malmo-stad/who-can-act", 404, "not in the graph"),
        ("/organisations/malmo-stadd/who-can-act", 404, "malmo-stad"),
        ("/platforms/kirunna/who-can-act", 404, "kiruna"),
        ("/what-if?remove=legal-act/sfs-2010-901", 404, "sfs-2010-900"),
        ("/what-if?remove=no%20iri/%3C", 404, "not in the graph"),
        ("/what-if", 400, "remove"),
        ("/what-if?remove=", 400, "remove"),
        ("/what-if?" + "&".join(["remove=x"] * 51), 400, "50"),
        ("/smallest-change", 400, "goal"),
        ("/smallest-change?goal=scaling-of-solution-stalls", 404, STALLS),
        (f"/smallest-change?goal={STALLS}&local=0", 400, "local"),
        ("/root-causes?scope=kirunaa", 404, "kiruna"),
        ("/root-causes?by=betweenness", 400, "kronor"),
        ("/compare", 400, "of"),
        ("/compare?of=boras", 400, "at least two"),
        ("/compare?of=boras&of=boras", 400, "at least two"),
        ("/compare?of=boras&of=kirunaa", 404, "kiruna"),
        ("/stalled?years=0", 400, "years"),
        ("/stalled?today=yesterday", 400, "today"),
        ("/gaps?lang=de", 400, "lang"),
        (f"/barriers/{STALLS}/chain?depth=-1", 400, "depth"),
        (f"/barriers/{STALLS}/chain?depth=101", 400, "depth"),
        (f"/barriers/{STALLS}/chain?maxPaths=1001", 400, "maxPaths"),
        (f"/barriers/{STALLS}/chain?relations=likes", 400, "part-of"),
        (f"/barriers/{STALLS}/chain?direction=up", 400, "effects"),
        (f"/barriers/{STALLS}/chain?format=pdf", 400, "graphml"),
        (f"/barriers/{STALLS}/chain?stated_only=true", 400, "stated_only"),
    ],
)
def test_bad_requests_are_problem_documents(client, path, status, part):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    body = answer.json()
    assert body["status"] == status
    assert part in body["detail"]
    if status == 404:
        assert isinstance(body["near"], list)
        assert part in body["near"] or part == "not in the graph"


def test_near_matches_are_of_the_type_asked_for(client, store):
    near = client.get("/municipalities/borass/who-can-act").json()["near"]
    places = selected(store, "SELECT ?p { ?p a ng:Place }")
    assert near
    assert {record("place", slug).value for slug in near} <= places


@pytest.mark.parametrize("path", ["/gaps", f"/barriers/{STALLS}/chain"])
def test_a_client_that_takes_none_of_the_formats_is_told(client, path):
    answer = client.get(path, headers={"Accept": "image/png"})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize("face", EXPORTED)
@pytest.mark.parametrize("form", MEDIA)
def test_the_format_is_chosen_by_name_or_by_accept(client, face, form):
    path = ADDRESSES[face]
    by_name = client.get(httpx.URL(path).copy_merge_params({"format": form}))
    by_accept = client.get(
        path, headers={"Accept": f"image/png, {MEDIA[form]};q=0.9, application/json;q=0.1"}
    )
    for answer in (by_name, by_accept):
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].partition(";")[0] == MEDIA[form]
    if form != "json":
        assert by_name.content == by_accept.content


class TestExports:
    """Every format is read by a program that is not ours, and tells the same links."""

    @pytest.fixture(params=["sv", "en"])
    def lang(self, request):
        return request.param

    @pytest.fixture
    def chain(self, client, lang):
        return got(client, ADDRESSES["/barriers/{id}/chain"], lang=lang)["chain"]

    @pytest.fixture
    def pairs(self, chain):
        found = {(step["cause"]["iri"], step["effect"]["iri"]) for step in chain["steps"]}
        assert len(found) > 20
        return found

    @pytest.fixture
    def names(self, chain):
        return {node["thing"]["name"] for node in chain["nodes"]}

    @staticmethod
    def export(client, form, lang):
        path = f"/barriers/{STALLS}/chain"
        return client.get(path, params={"format": form, "lang": lang}).text

    def test_csv(self, client, lang, pairs, dataset):
        lines = list(csv.DictReader(io.StringIO(self.export(client, "csv", lang), newline="")))
        assert {(line["cause"], line["effect"]) for line in lines} == pairs
        assert {line["dataVersion"] for line in lines} == {dataset.version}

    @pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
    def test_jsonld(self, client, lang, pairs, store):
        text = self.export(client, "jsonld", lang)
        graph = Dataset().parse(data=text, format="json-ld")
        cause, effect = (URIRef(f"{BASE}def/{name}") for name in ("cause", "effect"))
        read = {
            (str(graph.value(link, cause)), str(graph.value(link, effect))) for link in graph.subjects(cause)
        }
        assert read == pairs
        expanded = jsonld.expand(json.loads(text))
        assert {item["@id"] for item in expanded if cause.toPython() in item} <= selected(
            store, "SELECT ?l { ?l a ng:BarrierLink }"
        )

    def test_graphml(self, client, lang, pairs, names):
        graph = networkx.parse_graphml(self.export(client, "graphml", lang))
        assert {values for _, values in graph.nodes(data="label")} == names
        iri = dict(graph.nodes(data="iri"))
        assert {(iri[a], iri[b]) for a, b in graph.edges()} == pairs

    @pytest.mark.filterwarnings("ignore::DeprecationWarning:pydot")
    def test_dot(self, client, lang, pairs, names):
        (graph,) = pydot.graph_from_dot_data(self.export(client, "dot", lang))
        nodes = {n.get_name(): n for n in graph.get_nodes() if n.get_name() != "node"}
        iri = {name: node.get("URL").strip('"') for name, node in nodes.items()}
        assert {(iri[e.get_source()], iri[e.get_destination()]) for e in graph.get_edges()} == pairs
        assert {node.get_label().strip('"').replace('\\"', '"') for node in nodes.values()} == names

    def test_mermaid(self, client, lang, pairs, names):
        text = self.export(client, "mermaid", lang)
        first, *lines = text.splitlines()
        assert first.startswith("flowchart ")
        box, arrow = r'  (n\d+)\["([^"]*)"\]', r'  (n\d+) (?:-->|-\.->)\|"[^"]*"\| (n\d+)'
        other = r"  classDef root [-\w:]+|  class (n\d+,?)+ root"
        assert all(re.fullmatch(f"{box}|{arrow}|{other}", line) for line in lines)
        boxes = [match[2] for line in lines if (match := re.fullmatch(box, line))]
        read = {re.sub(r"#(\d+);", lambda code: chr(int(code[1])), name) for name in boxes}
        assert read == names
        assert len({line for line in lines if re.fullmatch(arrow, line)}) == len(pairs)

    def test_svg(self, client, lang, names):
        root = ElementTree.fromstring(self.export(client, "svg", lang))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        text = " ".join(" ".join(part.split()) for part in root.itertext())
        assert all(" ".join(name.split()[:1]) in text for name in names)


class TestAgainstSparql:
    """The figures shown are those that a query on the graph gives."""

    @pytest.mark.parametrize("barrier", [STALLS, REUSE, "platform-not-integrated-in-line-organisation"])
    @pytest.mark.parametrize(("direction", "path"), [("causes", "{0}*"), ("effects", "(^{0})*")])
    def test_a_chain_holds_what_the_property_path_reaches(self, client, store, barrier, direction, path):
        start = record("barrier", barrier)
        way = path.format("(ng:causedBy|ng:reinforcedBy)")
        body = got(client, f"/barriers/{barrier}/chain", direction=direction)
        assert iris(n["thing"] for n in body["chain"]["nodes"]) == selected(
            store, f"SELECT ?found ?b {{ ?b {way} ?found }}", b=start
        )

    def test_stated_only_follows_stated_causes_only(self, client, store):
        body = got(client, f"/barriers/{STALLS}/chain", statedOnly="true")
        reached = selected(
            store, "SELECT ?found ?b { ?b ng:statedCause* ?found }", b=record("barrier", STALLS)
        )
        assert iris(n["thing"] for n in body["chain"]["nodes"]) == reached
        assert all(step["stated"] for step in body["chain"]["steps"])

    def test_relations_may_be_given_twice_or_with_a_comma(self, client, store):
        chains = [
            client.get(f"/barriers/{STALLS}/chain?relations={value}").json()["chain"]
            for value in ("causes&relations=part-of", "causes,part-of", "causes")
        ]
        assert chains[0] == chains[1] != chains[2]
        assert {step["kind"] for step in chains[2]["steps"]} == {"causes"}

    def test_a_limit_that_is_met_is_told(self, client):
        for limit in ({"depth": 1}, {"maxPaths": 3}, {"maxBarriers": 4}):
            answer = client.get(f"/barriers/{STALLS}/chain", params={**limit, "lang": "en"})
            (bound,) = answer.json()["bounds"]
            assert bound["limit"] == next(iter(limit.values()))
            assert answer.headers["natgraph-limits-met"] == f"{bound['what']}: {bound['limit']}"
            drawn = client.get(f"/barriers/{STALLS}/chain", params={**limit, "format": "dot"})
            assert drawn.headers["natgraph-limits-met"]
        assert "natgraph-limits-met" not in client.get("/barriers/reuse-hard-to-scale/chain").headers

    def test_who_can_act_on_a_barrier(self, client, store):
        body = got(client, f"/barriers/{STALLS}/who-can-act")
        said = {
            (line["barrier"]["iri"], c["actor"]["iri"], c["power"])
            for line in body["lines"]
            for c in line["claims"]
        }
        query = """SELECT ?b ?barrier ?actor ?power {
            ?b (ng:causedBy|ng:reinforcedBy)* ?barrier .
            ?r a ng:Responsibility ; ng:barrier ?barrier ; ng:actor ?actor ; ng:power ?power }"""
        found = rows(store, PREFIX + query, {"b": record("barrier", STALLS)})
        assert said == {(r["barrier"], r["actor"], r["power"].rpartition("/")[2]) for r in found} != set()
        nobody = {line["barrier"]["iri"] for line in body["lines"]} - {
            r["barrier"] for r in found if not r["power"].endswith("must-be-consulted")
        }
        assert iris(body["nobody"]) == nobody

    def test_who_can_act_counts_add_up(self, client):
        body = got(client, "/municipalities/boras/who-can-act", lang="en")
        figures = [int(n) for n in re.findall(r"\d+", body["sentence"])][:3]
        assert figures == [len(body["lines"]), len(body["remove"]), len(body["influence"])]

    def test_what_a_platform_met_is_asked_about(self, client, store):
        body = got(client, "/platforms/kiruna/who-can-act", behind="false")
        met = selected(
            store,
            "SELECT ?barrier ?p { ?e a ng:Encounter ; ng:barrier ?barrier ; ng:metBy ?p }",
            p=record("platform", "kiruna"),
        )
        assert met
        assert met <= {line["barrier"]["iri"] for line in body["lines"]}
        assert all(line["asked"] for line in body["lines"])

    def test_what_if_tells_of_everything_that_rests_on_the_law_or_follows_from_it(self, client, store):
        body = got(client, "/what-if", remove=PBL)
        query = """SELECT ?found ?act { ?law eli:is_part_of? ?act . ?root ng:groundedIn ?law .
            ?found (ng:causedBy|ng:reinforcedBy)* ?root }"""
        reached = selected(
            store,
            f"PREFIX eli: <http://data.europa.eu/eli/ontology#> {query}",
            act=record("legal-act", "sfs-2010-900"),
        )
        assert iris(o["barrier"] for o in body["outcomes"]) == reached
        assert {o["verdict"] for o in body["outcomes"]} <= {"opens", "may-open", "unaffected"}
        assert body["assumptions"]
        assert 0 <= body["derivedShare"] <= 1

    def test_several_things_may_go_at_once_by_iri_or_type_and_slug(self, client):
        both = client.get(f"/what-if?remove={PBL}&remove={BASE}id/barrier/{REUSE}").json()
        assert iris(both["removed"]) == {f"{BASE}id/{PBL}", f"{BASE}id/barrier/{REUSE}"}

    def test_the_smallest_change_does_open_and_nothing_smaller_does(self, client):
        body = got(client, "/smallest-change", goal=REUSE, anyone="true")
        goal = f"{BASE}id/barrier/{REUSE}"
        assert body["changes"]
        for change in body["changes"]:
            removed = [thing["thing"]["iri"] for thing in change["removed"]]
            assert change["cost"] == len(removed)
            assert self.opens(client, goal, removed)
            for left_out in removed:
                fewer = [iri for iri in removed if iri != left_out]
                assert not fewer or not self.opens(client, goal, fewer)

    @staticmethod
    def opens(client, goal, removed):
        outcomes = client.get("/what-if", params=[("remove", iri) for iri in removed]).json()["outcomes"]
        return goal in {o["barrier"]["iri"] for o in outcomes if o["verdict"] == "opens"}

    def test_a_price_changes_what_is_smallest(self, client):
        one, dear = (
            got(client, "/smallest-change", goal=REUSE, anyone="true", local=local) for local in (1, 1000)
        )
        assert one["changes"][0]["cost"] < dear["changes"][0]["cost"] or "local" not in {
            level for change in dear["changes"] for level in change["levels"]
        }

    def test_root_causes_reach_what_the_property_path_reaches(self, client, store):
        body = got(client, "/root-causes")
        single = [root for root in body["roots"] if len(root["barriers"]) == 1]
        assert len(single) > 20
        for root in single[:20]:
            query = "SELECT ?found ?b { ?found (ng:causedBy|ng:reinforcedBy)+ ?b }"
            iri = root["barriers"][0]["iri"]
            below = selected(store, query, b=record(*iri.removeprefix(f"{BASE}id/").split("/")))
            assert root["reach"]["barriers"] == len(below)
            assert root["stability"]["words"]
        ranks = [root["rank"] for root in body["roots"]]
        assert ranks == sorted(ranks)

    def test_roots_behind_a_scope_are_behind_it(self, client, store):
        body = got(client, "/root-causes", scope=f"barrier/{STALLS}")
        query = """SELECT ?root ?b { ?b (ng:causedBy|ng:reinforcedBy)+ ?root
            FILTER NOT EXISTS { ?root ng:causedBy|ng:reinforcedBy ?other } }"""
        single = {root["barriers"][0]["iri"] for root in body["roots"] if len(root["barriers"]) == 1}
        assert single == selected(store, query, b=record("barrier", STALLS))

    @pytest.mark.parametrize(
        ("gap", "lacks"),
        [
            ("nobody-responsible", "?x a ng:Responsibility ; ng:barrier ?b"),
            ("no-measure", "?x a ng:MeasureEffect ; ng:barrier ?b"),
            ("no-law-named", "?b ng:groundedIn ?law"),
            ("not-met", "?x a ng:Encounter ; ng:barrier ?b"),
        ],
    )
    def test_gaps_are_what_the_graph_lacks(self, client, store, gap, lacks):
        found = {g["slug"]: iris(g["barriers"]) for g in got(client, "/gaps")["gaps"]}
        without = f"SELECT DISTINCT ?b {{ ?b a ng:PolicyBarrier FILTER NOT EXISTS {{ {lacks} }} }}"
        assert found[gap] == selected(store, without) != set()

    def test_compared_are_encounters_of_the_graph(self, client, store):
        body = got(client, "/compare?of=boras&of=kiruna")
        claims = {
            (m["claim"], row["barrier"]["iri"], m["party"]["iri"])
            for part in ("shared", "unique")
            for row in body[part]
            for m in row["by"]
        }
        query = "SELECT ?e ?b ?p { ?e a ng:Encounter ; ng:barrier ?b ; ng:metBy ?p }"
        assert claims
        assert claims <= {(r["e"], r["b"], r["p"]) for r in rows(store, PREFIX + query)}
        for row in body["shared"]:
            assert len({m["whose"]["iri"] for m in row["by"]}) == 2
        assert not any("rank" in key for key in body)

    def test_a_timeline_has_the_measures_of_the_graph(self, client, store):
        body = got(client, f"/barriers/{REUSE}/timeline")
        query = "SELECT ?m ?b { ?e a ng:MeasureEffect ; ng:barrier ?b ; ng:measure ?m }"
        told = {e["iri"] for e in (*body["events"], *body["undated"]) if e["kind"] == "measure"}
        assert told == selected(store, query, b=record("barrier", REUSE)) != set()
        dates = [event["date"] for event in body["events"]]
        assert dates == sorted(dates)

    def test_stalled_counts_back_from_a_day(self, client):
        then = got(client, "/stalled", years=1, today="2010-06-01")
        assert then["today"] == "2010-06-01"
        assert all(quiet["last"]["date"] < "2009-06-01" for quiet in then["quiet"])
        now = got(client, "/stalled", years=1)
        assert abs((date.fromisoformat(now["today"]) - date.today()).days) <= 1
        assert len(now["quiet"]) > len(then["quiet"])

    def test_evidence_is_the_sources_of_the_graph(self, client, store):
        for evidence in got(client, "/root-causes")["evidence"][:20]:
            query = "SELECT ?s ?b { ?b <http://purl.org/dc/terms/source> ?s }"
            barrier = record(*evidence["iri"].removeprefix(f"{BASE}id/").split("/"))
            assert iris(evidence["sources"]) == selected(store, query, b=barrier) != set()


def test_paths_have_the_characters_that_the_profile_allows(described):
    for path in described["paths"]:
        if path.startswith("/api/"):
            assert re.fullmatch(r"(/(\{[a-z]+\}|[a-z0-9-]+))+", urlsplit(path).path)


def test_data_of_others_has_no_chains(tmp_path):
    data = tmp_path / "data.ttl"
    data.write_text("<x:a> <x:b> 1 .")
    with serving("--data", data) as (url, _):
        answer = httpx.get(f"{url}/api/v1/gaps")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert "/api/v1/gaps" not in httpx.get(f"{url}/openapi.json").json()["paths"]


def test_the_addresses_of_the_documentation_answer(client, root):
    text = (root.folder / "docs" / "api.md").read_text(encoding="utf-8")
    asked = re.findall(r"^curl (?:-H 'Accept: ([^']+)' )?'http://127.0.0.1:8000/api/v1([^']+)'", text, re.M)
    assert len(asked) > 10
    for accept, path in asked:
        answer = client.get(path, headers={"Accept": accept or "*/*"})
        assert answer.status_code == 200, path
