"""Comparisons, timelines, what is stalled and what is missing, each against what the graph says."""

from datetime import date

import pytest

from natgraph.chains import compare, gaps, stalled, timeline
from natgraph.chains.circle import circle
from natgraph.errors import ChainFault, NotFound
from natgraph.queries import rows
from natgraph.terms import NG, concept

ID = concept("x", "").value.removesuffix("x/")
PREFIXES = f"""
PREFIX concept: <{ID}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ng: <{NG.iri}>
PREFIX power: <{ID}power/>
PREFIX schema: <https://schema.org/>
PREFIX type: <{ID}barrier-type/>
"""
PLACES = ["goteborg", "malmo", "stockholm"]


def select(store, where, names="?b"):
    return rows(store, f"{PREFIXES} SELECT {names} WHERE {{ {where} }}")


def test_shared_and_unique_part_what_was_met(index, store):
    found = compare(index, PLACES)
    circles = [circle(index, place) for place in PLACES]
    encounters = select(store, "?e ng:barrier ?b ; ng:metBy ?p", "?b ?p")
    by = {}
    for row in encounters:
        for c in circles:
            if row["p"] in c.parties:
                by.setdefault(row["b"], set()).add(c.thing.iri)
    assert {row.barrier.iri for row in found.shared} == {b for b, who in by.items() if len(who) > 1}
    assert {row.barrier.iri for row in found.unique} == {b for b, who in by.items() if len(who) == 1}
    assert [thing.slug for thing in found.things] == PLACES
    assert all(meeting.sources for row in found.shared for meeting in row.by)


def test_solved_elsewhere_names_the_measure_and_who_took_it(index):
    found = compare(index, PLACES)
    assert found.solved
    own = {place: circle(index, place).parties for place in PLACES}
    for row in found.solved:
        for solution in row.solutions:
            assert solution.effect in ("removes", "mitigates")
            assert solution.status in ("in-force", "completed")
            assert not own[row.whose.slug] & {taker.iri for taker in solution.by}
    line = next(
        row
        for row in found.solved
        if row.whose.slug == "malmo" and row.barrier.slug == "innovation-run-as-projects"
    )
    assert [(s.measure.slug, s.among) for s in line.solutions] == [("gothenburg-innovation-department", True)]


def test_a_comparison_needs_two(index):
    with pytest.raises(ChainFault, match="at least two"):
        compare(index, ["kiruna", "kiruna"])
    with pytest.raises(NotFound):
        compare(index, ["kiruna", "atlantis"])


def test_a_timeline_is_in_order_and_tells_kinds_apart(index):
    found = timeline(index, "narrow-concession-exemptions")
    assert [event.date for event in found.events] == sorted(event.date for event in found.events)
    steps = [event for event in found.events if event.kind == "step"]
    assert [(event.date, event.what.en) for event in steps] == [
        ("2022-01-01", "change entered into force"),
        ("2022-10-01", "change entered into force"),
    ]
    assert any(event.kind == "measure" and "Tamarinden" in event.what.en for event in found.events)


def test_a_reading_is_no_change(index):
    kinds = {event.kind for event in timeline(index, "reuse-hard-to-scale").events if event.stated == "2022"}
    assert "reading" in kinds
    assert not any(event.kind == "step" for event in timeline(index, "reuse-hard-to-scale").events)


STANDING = """
  ?b a ng:PolicyBarrier ; ng:status ?s
  FILTER(!STRENDS(STR(?s), "/removed") && !STRENDS(STR(?s), "/unknown"))
"""
HAPPENED = """
  { ?c a ng:StatusChange ; ng:barrier ?b ; schema:startDate ?d }
  UNION { ?e ng:barrier ?b ; ng:measure/schema:startDate ?d }
"""


def test_stalled_are_those_to_which_nothing_dated_happened(index, store):
    today = date(2026, 2, 28)
    found = stalled(index, 3, today)
    standing = select(store, STANDING)
    happened = select(store, HAPPENED, "?b ?d")
    last = {}
    for row in happened:
        last[row["b"]] = max(last.get(row["b"], ""), row["d"])
    barriers = {row["b"] for row in standing}
    assert {q.barrier.iri for q in found.undated} == barriers - set(last)
    assert {q.barrier.iri for q in found.quiet} == {b for b in barriers if last.get(b, "9") < "2023-02-28"}
    assert [q.last.date for q in found.quiet] == sorted(q.last.date for q in found.quiet)


BARRIER = "?b a ng:PolicyBarrier FILTER NOT EXISTS"
LINKED = "?b ng:causedBy|ng:reinforcedBy|^ng:causedBy|^ng:reinforcedBy ?x"
STATED = "?b ng:statedCause|^ng:statedCause ?y"
SOURCES = (
    "SELECT ?b (COUNT(DISTINCT ?s) AS ?n) WHERE { ?b a ng:PolicyBarrier ; dcterms:source ?s } GROUP BY ?b"
)
GAPS = {
    "nobody-responsible": f"{BARRIER} {{ ?r a ng:Responsibility ; ng:barrier ?b }}",
    "nobody-can-remove": f"{BARRIER} {{ ?r ng:barrier ?b ; ng:power power:can-remove }}",
    "no-measure": f"{BARRIER} {{ ?e a ng:MeasureEffect ; ng:barrier ?b }}",
    "only-derived-links": f"{BARRIER} {{ {STATED} }} FILTER EXISTS {{ {LINKED} }}",
    "unlinked": f"{BARRIER} {{ {LINKED} }}",
    "no-law-named": f"{BARRIER} {{ ?b ng:groundedIn ?law }}",
    "legal-without-law": "?b ng:barrierType type:legal FILTER NOT EXISTS { ?b ng:groundedIn ?law }",
    "one-source": f"{{ {SOURCES} }} FILTER(?n = 1)",
    "not-met": f"{BARRIER} {{ ?e a ng:Encounter ; ng:barrier ?b }}",
}


@pytest.mark.parametrize("slug", GAPS)
def test_gaps_are_what_sparql_says(slug, index, store):
    found = {gap.slug: gap for gap in gaps(index).gaps}
    assert set(found) == set(GAPS)
    wanted = {row["b"] for row in select(store, GAPS[slug], "DISTINCT ?b")}
    assert wanted
    assert {thing.iri for thing in found[slug].barriers} == wanted
