"""Who can act: what is yours, whom you need, what law stands in the way, and the steps and sources behind."""

import pytest

from natgraph.chains import who_can_act
from natgraph.chains.circle import categories_of, circle
from natgraph.chains.things import local
from natgraph.errors import NotFound
from natgraph.queries import rows
from natgraph.terms import NG, concept, record

KIRUNA = record("organisation", "kiruna-kommun").value


def category(slug):
    return concept("actor-category", slug).value


def test_a_municipality_belongs_to_the_categories_that_cover_it(index):
    found = {local(c) for c in categories_of(index.facts, KIRUNA)}
    assert found == {"kommuner", "kommuner-i-norrbotten"}
    agency = categories_of(index.facts, record("organisation", "boverket").value)
    assert {local(c) for c in agency} == {"statliga-myndigheter", "staten"}
    assert "kommuner-i-norrbotten" not in {
        local(c) for c in categories_of(index.facts, record("organisation", "lunds-kommun").value)
    }


def test_a_circle_holds_bodies_platforms_and_projects(index):
    place, organisation = circle(index, "kiruna"), circle(index, "kiruna-kommun")
    assert (place.actors, place.parties) == (organisation.actors, organisation.parties)
    assert {category("kommuner"), category("byggnadsnamnder"), KIRUNA} <= place.actors
    assert record("platform", "kiruna").value in place.parties
    assert record("project", "natsam-2020").value in place.parties
    assert record("organisation", "lkab").value not in place.parties


def met(store, parties):
    query = f"PREFIX ng: <{NG.iri}> SELECT ?b ?p WHERE {{ ?e ng:barrier ?b ; ng:metBy ?p }}"
    return {row["b"] for row in rows(store, query) if row["p"] in parties}


def test_the_counts_are_those_of_the_lines(index, store):
    found = who_can_act(index, "kiruna")
    asked = {line.barrier.iri for line in found.lines if line.asked}
    assert met(store, circle(index, "kiruna").parties) <= asked
    mine = {
        line.barrier.iri
        for line in found.lines
        if any(c.yours and c.power == "can-remove" for c in line.claims)
    }
    assert {thing.iri for thing in found.remove} == mine
    assert not mine & {thing.iri for thing in found.influence}
    for share in found.needs:
        assert all(barrier.iri not in mine for barrier in share.barriers)
    texts = found.sentence
    counts = len(found.lines), len(mine), len(found.influence)
    assert texts.en.startswith("Of these {} barriers you can remove {} and influence {}; ".format(*counts))
    assert f"{len(found.needs[0].barriers)} need {found.needs[0].thing.name.en}; " in texts.en
    assert f"{len(found.acts[0].barriers)} kräver ändring av {found.acts[0].thing.name.sv}; " in texts.sv


def test_steps_lead_from_each_barrier_to_one_that_was_asked_about(index):
    found = who_can_act(index, "reuse-hard-to-scale")
    goal = found.scope.iri
    for line in found.lines:
        assert line.asked == (line.barrier.iri == goal) == (not line.steps)
        iris = [line.barrier.iri, *(step.effect.iri for step in line.steps)]
        assert [step.cause.iri for step in line.steps] == iris[:-1]
        assert iris[-1] == goal
        assert line.sources
        assert all(claim.sources for claim in line.claims)


def test_provisions_are_counted_under_their_act(index):
    found = who_can_act(index, "kiruna")
    laws = {law.iri for line in found.lines for law in line.laws}
    assert any("/legal-provision/" in law for law in laws)
    assert all("/legal-act/" in share.thing.iri for share in found.acts)


def test_stated_only_leaves_out_what_editors_concluded(index):
    found = who_can_act(index, "kiruna", stated_only=True)
    assert found.derived_share == 0
    assert len(found.lines) < len(who_can_act(index, "kiruna").lines)
    assert all(claim.stated for line in found.lines for claim in line.claims)


def test_without_what_lies_behind_only_what_was_asked_about_is_counted(index):
    assert all(line.asked for line in who_can_act(index, "kiruna", behind=False).lines)


def test_an_organisation_is_told_what_it_holds_a_power_over(index):
    found = who_can_act(index, "boverket", behind=False)
    own = {b for b, powers in index.facts.powers.items() if any(local(p.actor) == "boverket" for p in powers)}
    assert {line.barrier.iri for line in found.lines} == own
    assert len(found.remove) + len(found.influence) == len(own)


def test_a_barrier_is_nobodys_own(index):
    found = who_can_act(index, "reuse-hard-to-scale")
    assert (list(found.remove), list(found.influence)) == ([], [])
    assert found.sentence.en.startswith("Of these 12 barriers: ")


def test_a_name_that_is_nothing_gets_near_matches(index):
    with pytest.raises(NotFound, match="kiruna-kommun"):
        who_can_act(index, "kiruna-komun")
