"""Chains end in roots, close as loops, and are drawn once."""

import pytest

from natgraph.chains import Claim, Network, grow, read_network
from natgraph.chains.network import CAUSAL
from natgraph.errors import NotFound
from natgraph.terms import record


def network(*steps):
    claims = [Claim(f"{c}--{e}", c, e, kind, stated) for c, e, kind, stated in steps]
    return Network(claims, {}, {}, {}, {}, {})


def ends(branch):
    below = [e for b in branch.branches for e in ends(b)]
    return below + ([branch.barrier] if branch.is_end else [])


def test_a_chain_leads_to_its_roots_and_back_to_its_effects():
    net = network(("a", "b", "causes", True), ("b", "c", "reinforces", False), ("d", "c", "causes", True))
    assert sorted(ends(grow(net, "c"))) == ["a", "d"]
    assert ends(grow(net, "a", "effects")) == ["c"]


def test_stated_steps_come_first():
    net = network(("x", "c", "causes", False), ("y", "c", "causes", True))
    assert [b.barrier for b in grow(net, "c").branches] == ["y", "x"]


def test_being_part_of_is_no_cause():
    net = network(("part", "whole", "part-of", True))
    assert grow(net, "whole").is_end


def test_a_loop_is_shown_as_a_loop():
    net = network(("a", "b", "causes", True), ("b", "a", "causes", True))
    (back,) = grow(net, "a").branches
    assert back.branches[0].loop
    assert not back.branches[0].is_end


def test_what_is_reached_twice_is_drawn_in_full_once():
    net = network(
        ("root", "m", "causes", True),
        ("m", "a", "causes", True),
        ("m", "b", "causes", True),
        ("a", "top", "causes", True),
        ("b", "top", "causes", True),
    )
    first, second = grow(net, "top").branches
    assert first.branches[0].branches
    assert second.branches[0].repeated
    assert not second.branches[0].branches


@pytest.fixture(scope="module")
def real(store):
    return read_network(store)


def test_the_real_network_has_all_claims(real):
    assert len(real.claims) == 281
    assert sum(c.stated for c in real.claims) == 144


def test_every_barrier_can_be_walked_both_ways(real):
    barriers = {b for c in real.claims for b in (c.cause, c.effect)}
    for barrier in barriers:
        for direction in ("causes", "effects"):
            seen = list(walk(grow(real, barrier, direction)))
            assert seen[0].barrier == barrier
            assert all(b.claim.kind in CAUSAL for b in seen[1:])


def walk(branch):
    yield branch
    for below in branch.branches:
        yield from walk(below)


def test_names_fall_back_to_the_other_language(real):
    iri = record("barrier", "scaling-of-solutions-stalls").value
    assert real.name(iri, "en") == "Scaling and implementation stall"
    assert Network([], {}, {}, {}, {}, {"x": {"sv": "bara svenska"}}).name("x", "en") == "bara svenska"


def test_an_unknown_barrier_gets_near_matches(real):
    with pytest.raises(NotFound, match="scaling-of-solutions-stalls"):
        real.barrier("scaling-of-solution-stalls")
