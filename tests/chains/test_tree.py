"""Chains as trees end in roots, close as loops, and are drawn once."""

from natgraph.chains import grow
from tests.chains.conftest import barrier, small


def ends(branch):
    below = [e for b in branch.branches for e in ends(b)]
    return below + ([branch.barrier.slug] if branch.is_end else [])


def test_a_chain_leads_to_its_roots_and_back_to_its_effects():
    index = small((0, 1), (1, 2, {"kind": "reinforces", "stated": False}), (3, 2))
    assert sorted(ends(grow(index, barrier(2)))) == ["0", "3"]
    assert ends(grow(index, barrier(0), "effects")) == ["2"]


def test_stated_steps_come_first():
    index = small((1, 0, {"stated": False}), (2, 0))
    assert [b.barrier.slug for b in grow(index, barrier(0)).branches] == ["2", "1"]


def test_being_part_of_is_no_cause():
    assert grow(small((1, 0, {"kind": "part-of"})), barrier(0)).is_end


def test_a_loop_is_shown_as_a_loop():
    (back,) = grow(small((0, 1), (1, 0)), barrier(0)).branches
    assert back.branches[0].loop
    assert not back.branches[0].is_end


def test_what_is_reached_twice_is_drawn_in_full_once():
    first, second = grow(small((0, 1), (1, 2), (1, 3), (2, 4), (3, 4)), barrier(4)).branches
    assert first.branches[0].branches
    assert second.branches[0].repeated
    assert not second.branches[0].branches


def test_every_real_barrier_can_be_walked_both_ways(index):
    for iri in index.net.barriers:
        for way in ("causes", "effects"):
            seen = list(walk(grow(index, iri, way)))
            assert seen[0].barrier.iri == iri
            assert all(branch.step.kind in ("causes", "reinforces") for branch in seen[1:])


def walk(branch):
    yield branch
    for below in branch.branches:
        yield from walk(below)
