"""Finding things by their labels: the order of what is found, whatever is typed, and the face on the web."""

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count, permutations
from unicodedata import normalize
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from natgraph.errors import Busy, DataFault, IndexFailed, SearchRefused
from natgraph.search import Index, Label, Making, Typed, build_index, read_rows
from natgraph.search.find import MOST, TIERS
from natgraph.search.labels import IDENTIFIER, PROPERTIES
from natgraph.search.letters import words
from natgraph.terms import BASE
from natgraph.web import problems
from natgraph.web.search import router
from natgraph.web.settings import Settings
from tests.conftest import free_port, is_ready

PREFERRED = 0
ALTERNATIVE = next(place for place, (rank, _) in enumerate(PROPERTIES) if rank == 1)
NUMBER = next(place for place, (rank, _) in enumerate(PROPERTIES) if rank == IDENTIFIER)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_numbers = count()


@pytest.fixture
def index(tmp_path):
    """Makes an index of rows."""
    made = []

    def make(rows):
        path = tmp_path / f"{next(_numbers)}.labels"
        build_index(rows, path)
        made.append(Index(path, "1"))
        return made[-1]

    yield make
    for one in made:
        one.close()


def named(*texts, language="sv"):
    """Things whose IRI is their only label."""
    return [Label(text, text, language) for text in texts]


def found(index, text, *arguments, **more):
    return [hit.iri for hit in index.find(text, *arguments, **more).hits]


def matches(index, text):
    return {hit.iri: hit.match for hit in index.find(text).hits}


def test_the_better_fit_comes_first(index):
    texts = ["byggåterbruk", "om återbruk", "återbruk i bygg", "återbruk", "återbruka mer", "återvinning"]
    assert found(index(named(*texts)), "återbruk") == [
        "återbruk",
        "återbruka mer",
        "återbruk i bygg",
        "om återbruk",
        "byggåterbruk",
    ]


def test_each_hit_tells_how_it_fits(index):
    made = index(named("hinder", "hinderbana", "ett hinder", "systemhinder", "händer"))
    assert matches(made, "hinder") == {
        "hinder": "exact",
        "hinderbana": "label-start",
        "ett hinder": "word-start",
        "systemhinder": "inside-word",
    }


def test_names_come_before_other_names_and_numbers_then_the_shorter_then_by_iri(index):
    rows = [
        Label("b", "kommunen nu"),
        Label("a", "kommunen nu"),
        Label("d", "kommun"),
        Label("c", "kommunala"),
        Label("x", "Y", None, PREFERRED),
        Label("x", "kommuna", None, ALTERNATIVE),
        Label("z", "Z", None, PREFERRED),
        Label("z", "kommune", None, NUMBER),
    ]
    assert found(index(rows), "kommun") == ["d", "c", "a", "b", "x", "z"]


def test_a_part_of_a_compound_is_enough(index):
    made = index(named("Byggåterbruk", "Systemhinder", "Innovationsplattform"))
    for part, whole in (
        ("återbruk", "Byggåterbruk"),
        ("hinder", "Systemhinder"),
        ("onspl", "Innovationsplattform"),
    ):
        assert found(made, part) == [whole]


def test_nordic_letters_are_kept_apart(index):
    made = index(named("lan", "län", "lån", "plan", "Malmö", "Örebro"))
    assert found(made, "län") == ["län"]
    assert found(made, "lån") == ["lån"]
    assert found(made, "örebro") == ["Örebro"]
    assert not found(made, "malmå")
    assert list(matches(made, "lan").items())[:2] == [("lan", "exact"), ("plan", "inside-word")]
    assert not found(made, "plän")


def test_who_cannot_type_them_finds_them_last(index):
    made = index(named("Malmö", "malmo.se: om staden", "Malmöhus och Örebro", "Hållbarhet"))
    assert list(matches(made, "Malmo").items()) == [
        ("malmo.se: om staden", "label-start"),
        ("Malmö", "folded"),
        ("Malmöhus och Örebro", "folded"),
    ]
    assert matches(made, "malmohus örebro") == {"Malmöhus och Örebro": "folded"}
    assert not found(made, "malmöhus orebrö")
    assert not found(made, "allbarhet")  # at the start of a word only


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_case_accents_and_composition_make_no_difference(index, form):
    made = index(
        named(*(normalize(form, text) for text in ("Åre", "Idé", "Bygg\u00adåterbruk", "Straße", "ﬁlm")))
    )
    for typed in ("ÅRE", "åre", normalize("NFD", "Åre"), normalize("NFC", "åRE")):
        assert found(made, typed) == [normalize(form, "Åre")]
    assert found(made, "ide") == found(made, "IDÉ") == found(made, normalize("NFD", "idé"))
    assert len(found(made, "byggåterbruk")) == len(found(made, "strasse")) == len(found(made, "FILM")) == 1
    assert not found(made, "are") or matches(made, "are")[normalize(form, "Åre")] == "folded"


def test_several_words_may_stand_in_any_order(index):
    made = index(named("Krav på öppna geodata", "Öppna data", "Geodata för alla"))
    for order in permutations(["öppna", "krav", "data"]):
        assert found(made, " ".join(order)) == ["Krav på öppna geodata"]
    assert not found(made, "öppna geodata alla")


def test_several_words_may_stand_in_different_labels_of_a_thing(index):
    rows = [
        Label("a", "Malmö stad", "sv"),
        Label("a", "City of Malmö", "en"),
        Label("a", "212000-1124", None, NUMBER),
        Label("b", "City of Lund", "en"),
        Label("c", "stad city", "en"),
    ]
    made = index(rows)
    assert matches(made, "stad city") == {"c": "exact", "a": "several-labels"}
    assert matches(made, "city 212000") == {"a": "several-labels"}
    assert not found(made, "stad lund")


@pytest.mark.parametrize("part", ["u", "eu", "ö", "se", "x"])
def test_one_and_two_letters_are_found_anywhere(index, part):
    texts = ["EU-rätt", "museum", "Ö", "ösed", "lax", "hus"]
    expected = {text for text in texts if part in text.lower()}
    assert set(found(index(named(*texts)), part)) == expected
    assert expected


def test_numbers_are_found_with_and_without_what_divides_them(index):
    rows = [Label("a", "Ystads kommun"), Label("a", "212000-1181", None, NUMBER)]
    made = index([*rows, Label("b", "ISNI"), Label("b", "0000 0001 0177 2916", None, NUMBER)])
    for typed in ("212000-1181", "2120001181", "212000 1181"):
        assert matches(made, typed) == {"a": "exact"}
    assert found(made, "0000000101772916") == found(made, "0000 0001") == ["b"]
    hit = made.find("2120001181").hits[0]
    assert (hit.label, hit.matched) == ("Ystads kommun", "212000-1181")


@pytest.mark.parametrize("name", ["barrier", "PolicyBarrier", "ng:PolicyBarrier", BASE + "def/PolicyBarrier"])
def test_a_type_is_a_record_type_or_a_class(index, name):
    barrier, project = f"{BASE}id/barrier/a", f"{BASE}id/project/a"
    rows = [
        Typed(barrier, f"{BASE}def/PolicyBarrier"),
        *(Label(iri, "Hinder", "sv") for iri in (barrier, project, "http://x/other")),
        Typed(project, f"{BASE}def/Project"),
        Typed("http://x/other", "http://x/ns#Thing"),
    ]
    made = index(rows)
    assert found(made, "hinder", name) == [barrier]
    assert [hit.type for hit in made.find("hinder").hits] == ["Thing", "barrier", "project"]


def test_an_unknown_type_is_refused_with_the_known_ones(index):
    rows = [Label(f"{BASE}id/barrier/a", "Hinder"), Typed(f"{BASE}id/barrier/a", f"{BASE}def/PolicyBarrier")]
    with pytest.raises(
        SearchRefused, match="nothing of type obstacle here; there are: barrier, PolicyBarrier"
    ):
        index(rows).find("hinder", "obstacle")


def test_a_rare_type_is_found_behind_many_things_of_another(index):
    rows = [Label(f"http://x/{n}", f"stad {n}") for n in range(3 * MOST)]
    rows += [Typed(f"http://x/{n}", "http://x/ns#Place") for n in range(3 * MOST)]
    rows += [
        Label("http://x/rare", "en stad med ett mycket långt namn"),
        Typed("http://x/rare", "http://x/ns#Rare"),
    ]
    made = index(rows)
    assert found(made, "stad", "Rare") == ["http://x/rare"]
    assert not made.find("stad").exact


def test_a_thing_is_one_hit_in_the_language_asked_for(index):
    rows = [
        Label("a", "Innovation i staden", "sv"),
        Label("a", "Innovation in the city", "en"),
        Label("b", "Innovation", "sv"),
        Label("b", "Innovation, pure and simple", "en-GB"),
        Label("c", "Innovation utan språk"),
        Label("d", "Innovation auf Deutsch", "de"),
        Label("d", "Innovations Kurzname", "de", ALTERNATIVE),
    ]
    made = index(rows)
    for language, labels in (
        ("sv", ["Innovation", "Innovation i staden", "Innovation utan språk", "Innovation auf Deutsch"]),
        (
            "en",
            [
                "Innovation, pure and simple",
                "Innovation utan språk",
                "Innovation in the city",
                "Innovation auf Deutsch",
            ],
        ),
    ):
        result = made.find("innovation", None, language)
        assert [hit.label for hit in result.hits] == labels
        assert (result.total, result.exact) == (4, True)
    hit = made.find("staden", None, "en").hits[0]
    assert (hit.label, hit.language) == ("Innovation in the city", "en")
    assert (hit.matched, hit.matched_language) == ("Innovation i staden", "sv")


def test_too_many_hits_are_bounded_and_it_says_so(index):
    made = index(named(*(f"stad {n:04}" for n in range(2 * MOST))))
    result = made.find("stad")
    assert (result.total, result.exact) == (MOST, False)
    pages = [found(made, "stad", limit=70, offset=70 * n) for n in range(9)]
    assert [iri for page in pages for iri in page] == [f"stad {n:04}" for n in range(MOST)]
    assert made.find("stad 0007").exact
    assert found(made, f"{2 * MOST - 1:04}") == [f"stad {2 * MOST - 1:04}"]


def test_what_is_left_out_is_what_fits_worse(index):
    names = [Label(f"http://x/{n}", f"stad {n}", None, ALTERNATIVE) for n in range(2 * MOST)]
    made = index([*names, Label("http://x/name", "stad med ett mycket långt namn")])
    result = made.find("stad")
    assert (result.hits[0].iri, result.exact) == ("http://x/name", False)
    assert found(made, "stad", limit=1000) == [
        "http://x/name",
        *sorted((f"http://x/{n}" for n in range(2 * MOST)), key=lambda iri: (len(iri), iri))[: MOST - 1],
    ]


@pytest.mark.parametrize("text", ["", " \t\n", "\0", "\0\x1b\u200b", "\ue000", "\ud800", "x" * 201])
def test_what_cannot_be_looked_for_is_refused(index, text):
    with pytest.raises(SearchRefused):
        index(named("x")).find(text)


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "''",
        "*",
        "a*",
        "NEAR(a b)",
        "a AND",
        "tokens : a",
        "^a",
        "a OR b",
        "(((",
        "-a",
        "%",
        "\\",
        "a\0b",
    ],
)
def test_operators_of_the_index_are_plain_text(index, text):
    made = index([*named(text.replace("\0", " ")), *named("något annat")])
    assert found(made, text)[0] == text.replace("\0", " ")


@MANY
@given(st.text(max_size=200), st.sampled_from([None, "T"]), st.sampled_from([None, "sv", "en"]))
@example("ao" * 100, None, None)
@example(" ".join("abcdefghijklmnopqrstuvwxyzåäö0123456789æø"), None, "sv")
@example("\ue000\ue001\ue002\ue003 a", None, "sv")
def test_no_text_makes_it_fail(index, text, type_, language):
    made = index([*named("aoaoa oaoao", "åäö"), Typed("åäö", "http://x/T")])
    try:
        made.find(text, type_, language)
    except SearchRefused:
        assert not words(text)


letters = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=30)


@MANY
@given(st.lists(letters.filter(words), min_size=1, max_size=12, unique=True), st.data())
def test_every_label_is_found_by_itself_its_words_and_their_pieces(index, texts, data):
    made = index(named(*texts))
    for text in texts:
        assert text in found(made, text)
        word = data.draw(st.sampled_from(words(text)))
        assert text in found(made, word)
        if len(word) >= 3:
            start = data.draw(st.integers(0, len(word) - 3))
            piece = word[start : data.draw(st.integers(start + 3, len(word)))]
            assert not words(piece) or text in found(made, piece)


few = st.text("aåoöb ", min_size=1, max_size=7).filter(str.strip)
some_labels = st.lists(
    st.tuples(st.sampled_from("xyz"), few, st.sampled_from([0, ALTERNATIVE, NUMBER])), max_size=9
)


@MANY
@given(some_labels.filter(bool), few)
def test_it_finds_what_a_plain_scan_finds_in_the_same_order(index, labels, text):
    made = index([Label(thing, label, None, place) for thing, label, place in labels])
    result = made.find(text)
    assert [(hit.iri, hit.match) for hit in result.hits] == scan(labels, text)
    assert (result.total, result.exact) == (len(result.hits), True)


def scan(labels, text):
    """The rules as plainly as they can be said."""
    asked = text.split()
    entries = []
    for thing, label, place in labels:
        entries.append((PROPERTIES[place][0], label.split(), thing))
        if PROPERTIES[place][0] == IDENTIFIER and len(label.split()) > 1:
            entries.append((IDENTIFIER, ["".join(label.split())], thing))
    best = {}
    for rank, label, thing in entries:
        every = [word for _, other, owner in entries if owner == thing for word in other]
        tier = fit(asked, label, every)
        if tier is None:
            continue
        place = (
            min((r, length(w)) for r, w, o in entries if o == thing) if tier == 4 else (rank, length(label))
        )
        best[thing] = min(best.get(thing, (9,)), (tier, *place, thing))
    return [(place[-1], TIERS[place[0]]) for place in sorted(best.values())]


def length(words):
    return sum(len(word) + 1 for word in words)


def fit(asked, label, every):
    joined, sought = " ".join(label), " ".join(asked)
    plain = {"å": "a", "ö": "o"}
    loose = ["".join(plain.get(c, c) for c in word) for word in label]
    tests = (
        label == asked,
        joined.startswith(sought),
        all(any(word.startswith(a) for word in label) for a in asked),
        all(any(a in word for word in label) for a in asked),
        all(any(a in word for word in every) for a in asked),
        all(any(w.startswith(a) for w in (label if set(a) & set("åö") else loose)) for a in asked),
    )
    return next((number for number, holds in enumerate(tests) if holds), None)


NQUADS = """<http://x/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "Byggåterbruk"@sv <http://x/g> .
<http://x/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "Byggåterbruk"@sv <http://x/h> .
<http://x/a> <http://www.w3.org/2000/01/rdf-schema#label> "Reuse \\"here\\" \\u00E5"@en <http://x/g> .

# nothing
<http://x/a> <http://x/note> "<http://www.w3.org/2000/01/rdf-schema#label> hemligt" <http://x/g> .
_:b <http://www.w3.org/2000/01/rdf-schema#label> "namnlös nod" .
<http://x/b>\t<http://purl.org/dc/terms/title>\t"Sist"^^<http://www.w3.org/2001/XMLSchema#string>\t.
<http://x/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://x/ns#Report> <http://x/g> .
"""


def test_an_index_is_made_of_a_file_of_nquads(index, tmp_path):
    (tmp_path / "graph.nq").write_text(NQUADS, encoding="utf-8")
    made = index(read_rows(tmp_path / "graph.nq"))
    assert found(made, "återbruk") == found(made, 'reuse "here" å') == ["http://x/a"]
    assert found(made, "sist", "Report") == ["http://x/b"]
    assert not found(made, "hemligt")
    assert not found(made, "namnlös")


def test_a_file_that_is_no_nquads_is_a_fault_and_the_index_before_it_stays(tmp_path):
    graph, target = tmp_path / "graph.nq", tmp_path / "labels"
    build_index(named("gammal"), target)
    graph.write_text(
        "<http://x/a> <http://www.w3.org/2000/01/rdf-schema#label> nothing .\n", encoding="utf-8"
    )
    with pytest.raises(DataFault):
        build_index(read_rows(graph), target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.nq", "labels"]
    assert found(Index(target), "gammal") == ["gammal"]


def test_an_empty_graph_has_an_index(index):
    assert index([]).find("något").total == 0


def test_many_threads_may_search(index):
    made = index(named(*(f"stad {n}" for n in range(200))))
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: found(made, f"stad {n}")[0], range(200)))
    assert answers == [f"stad {n}" for n in range(200)]


def test_it_is_made_by_a_process_of_its_own(tmp_path):
    graph = tmp_path / "graph.nq"
    graph.write_text(NQUADS, encoding="utf-8")

    async def through():
        making = Making(graph, "7")
        with pytest.raises(Busy):
            making.current()
        making.start()
        with pytest.raises(Busy):
            making.current()
        made = await until_made(making)
        assert (made.version, found(made, "återbruk")) == ("7", ["http://x/a"])
        await making.stop()

    asyncio.run(through())


def test_a_failed_or_ended_making_says_so(tmp_path, capfd):
    async def fails():
        making = Making(tmp_path / "missing.nq", "7")
        making.start()
        with pytest.raises(IndexFailed):
            await until_made(making)
        await making.stop()

    async def ends():
        (tmp_path / "graph.nq").write_text(NQUADS * 1000, encoding="utf-8")
        making = Making(tmp_path / "graph.nq", "7")
        making.start()
        await asyncio.sleep(0.05)
        await making.stop()
        with pytest.raises(Busy):
            making.current()

    asyncio.run(fails())
    assert "missing.nq" in capfd.readouterr().err
    asyncio.run(ends())


async def until_made(making):
    while True:
        try:
            return making.current()
        except Busy:
            await asyncio.sleep(0.05)


def test_the_command_prints_a_table_and_json():
    table = run("search", "systemhinder", "--lang", "en")
    assert "match" in table
    assert "at least" not in table
    result = json.loads(run("search", "återbruk", "--type", "barrier", "--limit", "1", "--json"))
    assert len(result["hits"]) == 1 <= result["total"]
    assert result["hits"][0]["type"] == "barrier"
    command = [*NATGRAPH, "search", "x", "--type", "nonsense"]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "there are: " in refused.stderr


NATGRAPH = (sys.executable, "-m", "natgraph")


def run(*arguments):
    return subprocess.run([*NATGRAPH, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.mark.xdist_group("server")
class TestOnTheWeb:
    """The real graph on a real server."""

    @pytest.fixture
    def client(self, server):
        with httpx.Client(base_url=server[0], timeout=30) as client:
            yield client

    @staticmethod
    def ask(client, q, **more):
        headers = more.pop("headers", {})
        return client.get("/api/v1/search", params={"q": q, **more}, headers=headers)

    def test_it_answers_with_everything_the_profile_asks_for(self, client, dataset, server):
        answer = self.ask(client, "Malmö", type="organisation", lang="sv", limit=2)
        body = answer.json()
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["natgraph-version"] == body["dataVersion"] == dataset.version
        assert {k: body[k] for k in ("query", "type", "language", "limit", "offset", "totalIsExact")} == {
            "query": "Malmö",
            "type": "organisation",
            "language": "sv",
            "limit": 2,
            "offset": 0,
            "totalIsExact": True,
        }
        assert body["total"] > 2
        assert body["how"].startswith("Alla ord")
        hit = body["hits"][0]
        assert hit["iri"] == f"{BASE}id/organisation/malmo-stad"
        assert hit["href"] == f"{server[0]}/id/organisation/malmo-stad"
        assert (hit["type"], hit["language"], hit["match"]) == ("organisation", "sv", "label-start")
        following = body["_links"]["next"]["href"]
        assert following.startswith(f"{server[0]}/api/v1/search?")
        assert f'<{following}>; rel="next"' in answer.headers["link"]

    def test_the_next_links_lead_through_all_hits_once(self, client):
        url, seen, total = "/api/v1/search?q=%C3%A5terbruk&type=barrier&limit=5", [], None
        while url:
            body = client.get(url).json()
            seen += [hit["iri"] for hit in body["hits"]]
            total = body["total"]
            url = body["_links"].get("next", {}).get("href")
        assert len(seen) == len(set(seen)) == total > 5

    def test_other_names_are_shown_when_they_fit(self, client):
        hit = self.ask(client, "Byggproduktförordningen", lang="en").json()["hits"][0]
        assert hit["match"] == "exact"
        assert (hit["matchedLabel"], hit["matchedLanguage"]) == ("Byggproduktförordningen", "sv")
        assert hit["language"] == "en"
        assert "matchedLabel" not in self.ask(client, hit["label"], lang="en").json()["hits"][0]

    def test_the_language_is_that_of_the_client(self, client):
        for headers, language in (
            ({}, "sv"),
            ({"Accept-Language": "en"}, "en"),
            ({"Accept-Language": "fr"}, "sv"),
        ):
            answer = self.ask(client, "stad", headers=headers)
            assert answer.json()["language"] == answer.headers["content-language"] == language
            assert "Accept-Language" in answer.headers["vary"]
        assert (
            self.ask(client, "stad", lang="en", headers={"Accept-Language": "sv"}).json()["language"] == "en"
        )

    def test_validators_heads_and_other_sites(self, client):
        answer = self.ask(client, "hinder", headers={"Origin": "http://elsewhere"})
        assert answer.headers["access-control-allow-origin"] == "*"
        tag = answer.headers["etag"]
        again = self.ask(client, "hinder", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        for other in ({"offset": 1}, {"lang": "en"}, {"type": "barrier"}):
            assert self.ask(client, "hinder", headers={"If-None-Match": tag}, **other).status_code == 200
        head = client.head("/api/v1/search", params={"q": "hinder"})
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)

    @pytest.mark.parametrize(
        ("query", "part"),
        [
            ("", "q"),
            ("?q=", "q"),
            ("?q=%00", "nothing to look for"),
            ("?q=" + "x" * 201, "200"),
            ("?q=x&type=nonsense", "barrier"),
            ("?q=x&lang=de", "lang"),
            ("?q=x&limit=101", "limit"),
            ("?q=x&limit=0", "limit"),
            ("?q=x&limit=many", "limit"),
            ("?q=x&offset=-1", "offset"),
        ],
    )
    def test_bad_requests_are_problem_documents(self, client, query, part):
        answer = client.get(f"/api/v1/search{query}")
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert part in answer.json()["detail"]

    @pytest.mark.parametrize(
        "text", ["%FF", "%22", "a*", "NEAR(a%20b)", "%F0%9F%99%82", "%EE%80%80x", "a%00b", "'--"]
    )
    def test_odd_text_is_answered(self, client, text):
        assert client.get(f"/api/v1/search?q={text}").status_code == 200

    def test_a_client_that_takes_no_json_is_told(self, client):
        answer = self.ask(client, "x", headers={"Accept": "image/png"})
        assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
        assert self.ask(client, "x", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200

    def test_it_is_described(self, client):
        said = client.get("/openapi.json").json()["paths"]["/api/v1/search"]["get"]
        assert [p["name"] for p in said["parameters"]] == ["q", "type", "lang", "limit", "offset"]
        assert all(p["description"] for p in said["parameters"])
        assert {"200", "400", "406", "503"} <= said["responses"].keys()
        assert "422" not in said["responses"]
        for status, response in said["responses"].items():
            assert response["description"]
            (media_type, content), *_ = response["content"].items()
            assert media_type == ("application/json" if status == "200" else "application/problem+json")
            assert content["example"]
        assert said["description"]
        assert re.fullmatch(r"[a-z0-9/-]+", urlsplit("/api/v1/search").path)

    def test_every_name_in_the_graph_is_found(self, client, store):
        query = """SELECT ?thing ?name { ?thing <http://www.w3.org/2004/02/skos/core#prefLabel> ?name
                   FILTER(STRLEN(?name) <= 200) }"""
        names = sorted((str(s["name"].value), s["thing"].value) for s in store.query(query))
        for name, thing in names[:: len(names) // 40]:
            body = self.ask(client, name, limit=100).json()
            assert body["hits"][0]["match"] == "exact"
            assert thing in [hit["iri"] for hit in body["hits"]]


def test_while_there_is_no_index_it_says_when_to_come_back(tmp_path):
    app = FastAPI()
    problems.install(app)
    app.include_router(router(Making(tmp_path / "graph.nq", "7").current, Settings()))

    async def visit():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.get("/api/v1/search?q=x")

    answer = asyncio.run(visit())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.headers["content-type"] == "application/problem+json"


def test_other_data_is_searched_too(tmp_path):
    data, port = tmp_path / "other.ttl", free_port()
    data.write_text(
        """@prefix foaf: <http://xmlns.com/foaf/0.1/> .
        <http://x/1> a <http://x/Book>; foaf:name "Över älven", "Over the river"@en .""",
        encoding="utf-8",
    )
    command = [*NATGRAPH, "serve", "--port", str(port), "--data", str(data), "--store", "disk"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while not is_ready(url):
            assert process.poll() is None
            time.sleep(0.1)
        answer = httpx.get(f"{url}/api/v1/search", params={"q": "älv river", "type": "Book"})
        hit = answer.json()["hits"][0]
        assert (hit["iri"], hit["href"], hit["type"]) == ("http://x/1", "http://x/1", "Book")
        assert hit["match"] == "several-labels"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)
