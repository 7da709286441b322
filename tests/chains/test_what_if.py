"""What opens and what may open is what trying every rule gives, and what the words say."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from natgraph.chains import what_if
from natgraph.chains.facts import Facts, Traits
from natgraph.chains.things import Text
from natgraph.errors import NotFound
from tests.chains.conftest import barrier, link, nets, slugs, small
from tests.chains.rules import World

ACT, CHAPTER, SECTION, OTHER = (
    f"https://example.org/id/{path}"
    for path in ("legal-act/a", "legal-provision/a--8-kap", "legal-provision/a--8-kap-4", "legal-act/b")
)
LAWS = (ACT, CHAPTER, SECTION, OTHER)
OPTIONS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["causes", "causes", "reinforces"]),
        "stated": st.booleans(),
        "refuted": st.sampled_from([False, False, False, True]),
        "necessity": st.sampled_from(["unknown", "unknown", "necessary", "contributing", "sufficient"]),
        "group": st.sampled_from([None, None, "x"]),
    }
)


def facts(laws, gone=()):
    part_of = {CHAPTER: (ACT,), SECTION: (ACT,)}
    return Facts(
        names={law: Text(law, law) for law in LAWS},
        traits={barrier(b): Traits(status="removed") for b in gone},
        relations={"groundedIn": {barrier(b): on for b, on in laws.items()}, "is_part_of": part_of},
    )


def classes(found):
    return {
        verdict: slugs(o.barrier for o in found.of(verdict))
        for verdict in ("opens", "may-open", "unaffected")
    }


MEANS = {ACT: {ACT, CHAPTER, SECTION}, CHAPTER: {CHAPTER, SECTION}, SECTION: {SECTION}, OTHER: {OTHER}}
TOUCHES = {ACT: set(), CHAPTER: {ACT}, SECTION: {ACT, CHAPTER}, OTHER: set()}


@st.composite
def worlds(draw):
    count, links = draw(nets(size=5, links=6, options=OPTIONS))
    laws = draw(
        st.dictionaries(
            st.integers(0, count - 1), st.lists(st.sampled_from(LAWS), max_size=2, unique=True), max_size=2
        )
    )
    gone = draw(st.sets(st.integers(0, count - 1), max_size=1)) if draw(st.booleans()) else set()
    world = World(count, links, laws, gone)
    assume(all(len(g) <= 4 for g in world.grounds.values()))
    assume(0 < world.readings <= 3_000)
    return world


@given(worlds(), st.data())
def test_it_is_what_trying_every_rule_gives(world, data):
    standing = sorted(set(range(world.count)) - world.gone)
    barriers = data.draw(st.sets(st.sampled_from(standing), max_size=2)) if standing else set()
    links = data.draw(st.sets(st.integers(0, len(world.links) - 1), max_size=2)) if world.links else set()
    laws = data.draw(st.sets(st.sampled_from(LAWS), max_size=2))
    index = small(*world.links, size=world.count, facts=facts(world.laws, world.gone))
    asked = [*map(barrier, barriers), *(link(n, 0, 1).iri for n in links), *laws]
    meant = set().union(*(MEANS[law] for law in laws))
    touched = set().union(*(TOUCHES[law] for law in laws)) - meant
    surely, maybe = world.opened(barriers, links, meant, touched)
    found = classes(what_if(index, asked))
    assert found["opens"] == surely
    assert found["may-open"] == maybe - surely
    assert not found["unaffected"] & maybe


def test_a_barrier_opens_when_nothing_that_causes_it_is_left():
    index = small((0, 1), (1, 2), (3, 2))
    assert classes(what_if(index, [barrier(0)])) == {"opens": {1}, "may-open": {2}, "unaffected": set()}
    assert classes(what_if(index, [barrier(0), barrier(3)]))["opens"] == {1, 2}


def test_the_middle_class_says_what_remains_and_under_which_reading():
    index = small((0, 2), (1, 2, {"stated": False}))
    (outcome,) = what_if(index, [barrier(1)]).of("may-open")
    assert [(rest.thing.slug, rest.state) for rest in outcome.rests] == [("0", "stays"), ("1", "gone")]
    assert outcome.reading.en == "Opens if something that is gone is necessary: 1. What remains: 0."
    assert outcome.reading.sv.startswith("Öppnas om")
    assert (outcome.links, outcome.derived) == (1, 1)


def test_known_necessities_narrow_the_middle_class():
    def of(**more):
        return classes(what_if(small((0, 2, more), (1, 2)), [barrier(0)]))

    assert of()["may-open"] == {2}
    assert of(necessity="necessary")["opens"] == {2}
    assert of(necessity="contributing")["unaffected"] == {2}
    assert classes(what_if(small((0, 2), (1, 2, {"necessity": "sufficient"})), [barrier(0)]))[
        "unaffected"
    ] == {2}


def test_causes_that_work_together_fall_together():
    together = {"group": "x"}
    index = small((0, 2, together), (1, 2, together))
    assert classes(what_if(index, [barrier(0)]))["opens"] == {2}
    index = small((0, 2, together), (1, 2, together), (3, 2))
    assert classes(what_if(index, [barrier(0)]))["may-open"] == {2}


def test_a_sufficient_cause_stands_alone_whatever_its_group():
    index = small((0, 2, {"group": "x", "necessity": "sufficient"}), (1, 2, {"group": "x"}))
    assert classes(what_if(index, [barrier(1)]))["unaffected"] == {2}


def test_a_loop_may_keep_itself_up():
    index = small((0, 1), (1, 2), (2, 1))
    assert classes(what_if(index, [barrier(0)])) == {"opens": set(), "may-open": {1, 2}, "unaffected": set()}
    assert classes(what_if(index, [barrier(0), link(2, 0, 1).iri]))["opens"] == {1, 2}


def test_what_is_only_reinforced_never_opens_surely():
    index = small((0, 1, {"kind": "reinforces"}))
    assert classes(what_if(index, [barrier(0)]))["may-open"] == {1}


def test_law_carries_a_barrier_and_an_act_goes_with_its_provisions():
    index = small((0, 1), facts=facts({0: (SECTION,), 2: (ACT,)}), size=3)
    assert classes(what_if(index, [ACT]))["opens"] == {0, 1, 2}
    found = what_if(index, [SECTION])
    assert classes(found) == {"opens": {0, 1}, "may-open": {2}, "unaffected": set()}
    assert any("the very part" in text.en for text in found.assumptions)


def test_the_share_of_derived_links_comes_with_the_answer():
    index = small((0, 1), (1, 2, {"stated": False}), (2, 3, {"stated": False}))
    found = what_if(index, [barrier(0)])
    assert found.derived_share == pytest.approx(2 / 3)
    assert [(o.links, o.derived) for o in found.outcomes] == [(1, 0), (2, 1), (3, 2)]


def test_without_derived_links_less_is_left():
    index = small((0, 2), (1, 2, {"stated": False}))
    assert classes(what_if(index, [barrier(0)]))["may-open"] == {2}
    assert classes(what_if(index, [barrier(0)], stated_only=True))["opens"] == {2}


def test_a_bound_is_told_and_all_are_counted():
    index = small(*[(n, n + 1) for n in range(9)])
    found = what_if(index, [barrier(0)], max_barriers=4)
    assert (len(found.outcomes), found.counts["opens"], [b.limit for b in found.bounds]) == (4, 9, [4])
    assert what_if(index, [barrier(0)]).bounds == []


def test_a_real_rule_opens_what_rests_on_it_alone(index):
    found = what_if(index, ["sfs-2010-900"])
    opens = {o.barrier.slug for o in found.of("opens")}
    assert "detailed-plan-locks-use" in opens
    assert "building-rules-not-flexible-for-available-products" not in opens
    assert found.how.version == index.version
    assert {step.link for step in found.chain.steps}


def test_what_is_not_there_cannot_be_removed(index):
    with pytest.raises(NotFound, match="sfs-2010-900"):
        what_if(index, ["sfs-2010-9000"])
