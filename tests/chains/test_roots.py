"""Roots are ranked by what they reach, each rank tells how firm it is, and large graphs are counted alike."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natgraph.chains import root_causes
from natgraph.chains.counting import column_counts, layered, totals
from natgraph.chains.facts import Facts, Met
from natgraph.chains.large import counted
from natgraph.chains.ranking import ranked
from natgraph.chains.reaching import MEASURES, measured
from natgraph.errors import NotFound
from tests.chains.conftest import barrier, nets, slugs, small

ID = "https://example.org/id"
MUNICIPALITY = f"{ID}/concept/organisation-kind/municipality"


def met(**encounters):
    """Facts in which barriers (b0, b1 …) were met by platforms (p…), projects (q…), municipalities (m…)."""
    kinds = {"p": "platform", "q": "project", "m": "organisation"}
    iris = {x: f"{ID}/{kinds[x[0]]}/{x}" for parties in encounters.values() for x in parties.split()}
    iris |= {"p1": f"{ID}/platform/p1", "q1": f"{ID}/project/q1", "q2": f"{ID}/project/q2"}
    claims = {
        barrier(b[1:]): tuple(
            Met(f"{ID}/encounter/{b}{x}", barrier(b[1:]), iris[x], stated=True) for x in parties.split()
        )
        for b, parties in encounters.items()
    }
    relations = {
        "platform": {iris["q1"]: (iris["p1"],)},
        "municipality": {
            iris["p1"]: (f"{ID}/place/one",),
            **{iri: (f"{ID}/place/{x}",) for x, iri in iris.items() if x[0] == "m"},
        },
        "classification": {iri: (MUNICIPALITY,) for x, iri in iris.items() if x[0] == "m"},
        "grantAmount": {iris["q1"]: ("1000",), iris["q2"]: ("250.5",)},
    }
    return Facts(relations=relations, encounters=claims)


def test_reach_counts_each_thing_once_however_many_ways_lead_to_it():
    facts = met(b1="q1", b2="p1 m1", b3="q2 m1")
    index = small((0, 1), (0, 2), (1, 3), (2, 3), facts=facts)
    (root,) = root_causes(index).roots
    assert (root.reach.barriers, root.reach.platforms, root.reach.municipalities) == (3, 1, 2)
    assert (root.reach.projects, root.reach.kronor) == (2, 1250.5)


def test_a_loop_that_nothing_leads_into_is_a_root_and_what_stands_alone_is_none():
    found = root_causes(small((0, 1), (1, 0), (1, 2), (3, 2), size=5))
    assert [(slugs(r.barriers), r.rank, r.reach.barriers) for r in found.roots] == [
        ({0, 1}, 1, 1),
        ({3}, 1, 1),
    ]


def test_the_rank_follows_the_measure_asked_for():
    index = small((0, 1), (1, 2), (3, 4), facts=met(b4="q1"))
    assert [slugs(r.barriers) for r in root_causes(index).roots] == [{0}, {3}]
    assert [slugs(r.barriers) for r in root_causes(index, by="kronor").roots] == [{3}, {0}]


def brute_ranks(count, links, found):
    """The rank of each root among the roots of some links, by NetworkX."""
    graph = nx.DiGraph((c, e) for c, e, _ in links)
    graph.add_nodes_from(range(count))
    below = {n: nx.descendants(graph, n) | {n} for n in graph}
    groups = [frozenset(g) for g in nx.strongly_connected_components(graph)]

    def value(members):
        return len(set().union(*(below[m] for m in members))) - len(members)

    roots = [g for g in groups if all(p in g for n in g for p in graph.predecessors(n)) and value(g)]
    return [(1 + sum(value(g) > value(r) for g in roots if not g & r), value(r) > 0) for r in found]


OPTIONS = st.fixed_dictionaries({"kind": st.sampled_from(["causes", "reinforces"]), "stated": st.booleans()})


@given(nets(size=8, links=14, options=OPTIONS))
def test_ranks_and_their_stability_are_those_of_brute_force(net):
    count, links = net
    found = root_causes(small(*links, size=count)).roots
    members = [frozenset(slugs(root.barriers)) for root in found]
    assert [root.rank for root in found] == [rank for rank, _ in brute_ranks(count, links, members)]
    tries = [brute_ranks(count, [x for x in links if x is not dropped], members) for dropped in links]
    stated = brute_ranks(count, [x for x in links if x[2]["stated"]], members)
    for n, root in enumerate(found):
        ranks = [root.rank, *(ranks[n][0] for ranks in tries)]
        firm = root.stability
        assert (firm.lowest, firm.highest) == (min(ranks), max(ranks))
        assert firm.stated == (stated[n][0] if stated[n][1] else None)
        spread = max(*ranks, stated[n][0]) - min(*ranks, stated[n][0])
        assert firm.stable == (stated[n][1] and spread <= 2)
        assert firm.words.en.startswith("stable:" if firm.stable else "not stable:")


@given(nets(size=12, links=30, options=OPTIONS))
def test_large_graphs_are_counted_like_small_ones(net):
    count, links = net
    index = small(*links, size=count, facts=met(b1="q1 m1", b2="p1", b3="q2", b5="m2 m3"))
    graph = measured(index, range(count), range(len(links)))
    for by in MEASURES:
        found = counted(index, np.arange(count), np.arange(len(links)), by)
        assert ranked(graph, range(len(links)), by) == found


def test_many_roots_and_deep_layers_are_counted_right():
    rng = np.random.default_rng(7)
    size = 12_000
    ends = rng.integers(0, size, (2, 10_000))
    ends = ends[:, ends[0] != ends[1]]
    graph = layered(size, ends[0], ends[1])
    weight = np.bincount(graph.home, minlength=graph.size).astype(float)
    found = totals(graph, graph.roots, [weight])
    assert len(graph.roots) > 2_048
    plain = nx.DiGraph(ends.T.tolist())
    first = {int(home): node for node, home in reversed([*enumerate(graph.home)])}
    for root, total in zip(graph.roots[::97], found[::97, 0], strict=True):
        assert total == len(nx.descendants(plain, first[int(root)])) + 1


def test_columns_of_bits_are_counted():
    rng = np.random.default_rng(3)
    for rows in (0, 1, 2, 3, 7, 500):
        bits = rng.integers(0, 1 << 63, (rows, 2), dtype=np.uint64)
        plain = [sum(int(row[n // 64]) >> n % 64 & 1 for row in bits) for n in range(128)]
        assert column_counts(bits).tolist() == plain


def test_levels_and_powers_are_left_out_of_large_graphs_and_that_is_told(monkeypatch):
    monkeypatch.setattr("natgraph.chains.roots.SMALL", 2)
    found = root_causes(small((0, 1), (1, 2)))
    assert (found.structure, found.roots[0].stability, found.roots[0].place) == ([], None, None)
    assert [bound.limit for bound in found.bounds] == [2]


def test_a_bound_of_roots_is_told():
    found = root_causes(small(*[(n, 9) for n in range(5)]), max_roots=3)
    assert (len(found.roots), [bound.limit for bound in found.bounds]) == (3, [3])


def test_refuted_links_and_parts_lead_nowhere():
    index = small((0, 1), (2, 1, {"refuted": True}), (3, 1, {"kind": "part-of"}))
    assert [slugs(root.barriers) for root in root_causes(index).roots] == [{0}]


def test_the_real_roots_have_ranks_levels_and_words(index):
    found = root_causes(index)
    assert (found.barriers, found.links) == (235, 268)
    assert found.roots[0].barriers[0].slug == "eu-steering-adds-complexity"
    assert found.roots[0].reach.barriers == 31
    assert not found.roots[0].stability.stable
    assert "without derived links" in found.roots[0].stability.words.en
    assert found.roots[0].place.quadrant == "driving"
    assert len(found.structure) == 235
    assert found.derived_share == pytest.approx(128 / 268)


def test_a_scope_is_a_barrier_a_theme_or_what_someone_met(index):
    whole = {b.iri for root in root_causes(index).roots for b in root.barriers}
    for scope in ("reuse-hard-to-scale", "reuse", "kiruna", "malmo-sydost"):
        found = root_causes(index, scope)
        assert {b.iri for root in found.roots for b in root.barriers} <= whole
        assert 0 < found.barriers < 235
    with pytest.raises(NotFound):
        root_causes(index, "no-such-place")
