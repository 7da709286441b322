"""The smallest changes are the smallest of all subsets, and say who must act at which level."""

from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from natgraph.chains import smallest_change, what_if
from natgraph.chains.facts import Facts, Power, Traits
from natgraph.chains.things import Text
from natgraph.errors import NotFound
from tests.chains.conftest import barrier, nets, small
from tests.chains.test_what_if import LAWS, OPTIONS, facts


@st.composite
def cases(draw):
    count, links = draw(nets(size=6, links=9, options=OPTIONS))
    grounds = st.lists(st.sampled_from(LAWS), max_size=2, unique=True)
    laws = draw(st.dictionaries(st.integers(0, count - 1), grounds, max_size=2))
    things = sorted({*map(barrier, range(1, count)), *(law for on in laws.values() for law in on)})
    return small(*links, size=count, facts=facts(laws)), things


def surely_opens(index, removed):
    return any(o.barrier.iri == barrier(0) for o in what_if(index, removed).of("opens"))


def brute(index, things, price):
    """All sets of the least price that surely open barrier 0."""
    every = [c for n in range(1, len(things) + 1) for c in combinations(things, n) if surely_opens(index, c)]
    least = min((sum(map(price, c)) for c in every), default=0)
    return {frozenset(c) for c in every if sum(map(price, c)) == least}


def given_sets(found):
    return {frozenset(t.thing.iri for t in change.removed) for change in found.changes}


@given(cases())
def test_the_fewest_are_those_of_brute_force(case):
    index, things = case
    assume(things)
    found = smallest_change(index, barrier(0), removable=things, max_sets=1_000)
    assert given_sets(found) == brute(index, things, lambda _: 1)
    assert (found.why is None) == bool(found.changes)


@given(cases(), st.dictionaries(st.sampled_from(["local", "national"]), st.integers(1, 4)))
def test_the_cheapest_are_those_of_brute_force(case, prices):
    index, things = case
    assume(things)
    levels = {barrier(n): Traits(arises=("local" if n % 2 else "national",)) for n in range(6)}
    index.facts.traits.update(levels)

    def price(iri):
        return prices.get(levels[iri].arises[0], 1) if iri in levels else 1

    found = smallest_change(index, barrier(0), removable=things, prices=prices, max_sets=1_000)
    assert given_sets(found) == brute(index, things, price)
    assert {change.cost for change in found.changes} <= {
        min((sum(map(price, c)) for c in given_sets(found)), default=0)
    }


def powers(**can):
    return {
        barrier(n[1:]): (
            Power(f"https://example.org/id/responsibility/{n}", barrier(n[1:]), actor, power, stated=True),
        )
        for n, (actor, power) in can.items()
    }


def test_only_what_someone_can_remove_is_removable_unless_anyone_may():
    held = powers(b1=("https://example.org/id/organisation/o", "can-remove"), b2=("x", "can-influence"))
    index = small((1, 0), (2, 0), facts=Facts(powers=held))
    found = smallest_change(index, barrier(0))
    assert (found.removable, list(found.changes)) == (1, [])
    assert [thing.slug for thing in found.holding] == ["2"]
    assert found.why.en
    assert given_sets(smallest_change(index, barrier(0), anyone=True)) == {
        frozenset({barrier(1), barrier(2)})
    }


def test_the_nearest_level_comes_first_and_the_cost_names_who_acts():
    o, p = "https://example.org/id/organisation/o", "https://example.org/id/organisation/p"
    traits = {barrier(1): Traits(arises=("eu",)), barrier(2): Traits(arises=("local",))}
    held = powers(b1=(o, "can-remove"), b2=(p, "can-remove"))
    names = {o: Text("o", "o"), p: Text("p", "p")}
    index = small((1, 2), (2, 0), facts=Facts(traits=traits, powers=held, names=names))
    first, second = smallest_change(index, barrier(0)).changes
    assert [t.thing.slug for t in first.removed] == ["2"]
    assert (list(first.levels), [a.iri for a in first.actors], first.cost) == (["local"], [p], 1)
    assert list(second.levels) == ["eu"]


def test_bounds_are_told():
    index = small(*[(n, n + 1) for n in range(1, 6)], (6, 0))
    few = smallest_change(index, barrier(0), anyone=True, max_sets=2)
    assert (len(few.changes), [b.limit for b in few.bounds]) == (2, [2])
    wide = small(*[(n, 0) for n in range(1, 9)])
    stopped = smallest_change(wide, barrier(0), anyone=True, max_rounds=1)
    assert [b.what.en for b in stopped.bounds] == ["number of attempts"]
    assert stopped.why is None


def test_every_real_answer_opens_its_goal_and_no_part_of_it_does(index):
    for iri in index.net.barriers:
        found = smallest_change(index, iri, anyone=True, max_sets=3)
        for change in found.changes:
            removed = [t.thing.iri for t in change.removed]
            assert iri in {o.barrier.iri for o in what_if(index, removed).of("opens")}
            for left in removed:
                part = [other for other in removed if other != left]
                assert iri not in {o.barrier.iri for o in what_if(index, part).of("opens")}


def test_an_unknown_goal_is_told(index):
    with pytest.raises(NotFound):
        smallest_change(index, "no-such-barrier")
