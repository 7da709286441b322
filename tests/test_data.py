"""The record files themselves: canonical layout, and the promises about what is in them."""

import csv

import pytest
from pyoxigraph import Literal

from natgraph.formats import RESULTS, by_name
from natgraph.formats import write as write_results
from natgraph.layout import write
from natgraph.library import library
from natgraph.queries import run
from natgraph.read import read_records
from natgraph.terms import EDITORS, FOAF, GEO, NG, RDF, SCHEMA, record


def test_every_file_is_in_the_canonical_layout(root):
    files = sorted(root.data.rglob("*.trig"))
    assert len(files) > 1000
    untidy = [str(f) for f in files if write(read_records([f])) != f.read_text(encoding="utf-8")]
    assert not untidy, "run `natgraph fmt`"


def things(store, name):
    return {q.subject for q in store.quads_for_pattern(None, RDF["type"], NG[name], None)}


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("InnovationPlatform", 14),
        ("PlatformPhase", 17),
        ("Programme", 25),
        ("PolicyBarrier", 235),
        ("BarrierLink", 281),
        ("Measure", 144),
        ("MeasureEffect", 300),
        ("Driver", 19),
        ("Event", 25),
        ("Publication", 45),
        ("Variant", 20),
        ("Responsibility", 311),
    ],
)
def test_no_record_is_lost(store, name, count):
    assert len(things(store, name)) >= count


def test_municipalities_have_a_boundary_and_a_point(store):
    municipalities = {
        q.subject
        for q in store.quads_for_pattern(
            None, NG["placeKind"], record("concept/place-kind", "municipality"), None
        )
    }
    assert len(municipalities) >= 78
    for place in municipalities:
        kinds = set()
        for has in store.quads_for_pattern(place, GEO["hasGeometry"], None, None):
            kinds |= {
                q.object.value.rpartition("/")[2]
                for q in store.quads_for_pattern(has.object, NG["geometryKind"], None, None)
            }
        assert kinds == {"boundary", "point"}, place.value


def test_a_source_with_two_spellings_of_its_address_is_one(store):
    owners: dict[str, set[str]] = {}
    for q in store.quads_for_pattern(None, SCHEMA["url"], None, None):
        if q.subject in things(store, "Source"):
            plain = q.object.value.partition("://")[2].removeprefix("www.")
            owners.setdefault(plain, set()).add(q.subject.value)
    doubles = {k: v for k, v in owners.items() if len(v) > 1}
    assert not doubles


def test_two_people_of_one_name_are_two(store):
    people = {
        q.subject.value for q in store.quads_for_pattern(None, FOAF["name"], Literal("Jessica Algehed"), None)
    }
    assert people == {
        record("person", "jessica-algehed--fog").value,
        record("person", "jessica-algehed--mistra-urban-futures").value,
    }


def test_derived_claims_are_in_the_editors_graph_only(store):
    derived = record("concept/confidence", "derived")
    claims = {q.subject for q in store.quads_for_pattern(None, NG["confidence"], derived, None)}
    assert claims
    for claim in claims:
        graphs = {q.graph_name for q in store.quads_for_pattern(claim, RDF["type"], None, None)}
        stating = {g for g in graphs if str(g) != "DEFAULT" and "natgraph-rules" not in str(g)}
        assert stating == {EDITORS}, claim.value


def test_the_citation_and_the_package_have_one_version(root):
    versions = set()
    for name in ("CITATION.cff", "pyproject.toml", "publiccode.yml"):
        for line in (root.folder / name).read_text(encoding="utf-8").splitlines():
            if line.startswith(("version", "softwareVersion")):
                versions.add(line.split('"')[1])
    assert versions == {"0.1.0"}


def test_tables_can_be_taken_home(store):
    body = write_results(run(store, library()["platforms"]), by_name("csv", RESULTS)).decode()
    assert len(list(csv.DictReader(body.splitlines()))) == 14
