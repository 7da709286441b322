"""ISM and MICMAC give what published worked examples give, and what a plain reading of the definitions gives.

``pmc9444705-table6.csv``: 20 factors with their reachability sets, antecedent sets and intersections, typed
in from table 6 of the article PMC9444705 (PubMed Central). The antecedents of factor 1 are misprinted there
as 1 and 12: the reachability set of 12 in the same table does not hold 1, that of 19 does.

``scitepress-103153-tables3-4.csv``: the final reachability matrix of 16 causes (1* is an entry that the
authors added for transitivity) and their levels, typed in from tables 3 and 4 of the SciTePress paper 103153
(2021). The excerpt at hand gives the levels of 14 causes. The matrix is not closed (C2 leads to C14 and C14
to C3, yet C2 not to C3), so its levels are those of the matrix as printed, and a closed relation has others.
"""

import csv
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natgraph.chains.closure import closure, components, transposed
from natgraph.chains.ism import levels, structure

PUBLISHED = Path(__file__).parent / "published"
MISPRINTED = 1


def table(name):
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def bits(text):
    return sum(1 << int(number) - 1 for number in text.split())


@pytest.fixture(scope="module")
def factors():
    return table("pmc9444705-table6.csv")


def test_reachability_is_closed_as_published(factors):
    edges = [(n, int(to) - 1) for n, row in enumerate(factors) for to in row["reachability"].split()]
    assert closure(len(factors), edges) == [bits(row["reachability"]) for row in factors]


def test_fewest_links_give_the_published_sets(factors):
    whole = nx.DiGraph(
        (n, int(to) - 1) for n, row in enumerate(factors) for to in row["reachability"].split()
    )
    whole.remove_edges_from(list(nx.selfloop_edges(whole)))
    condensed = nx.condensation(whole)
    few = [
        (min(condensed.nodes[a]["members"]), min(condensed.nodes[b]["members"]))
        for a, b in nx.transitive_reduction(condensed).edges
    ]
    for _, group in condensed.nodes(data="members"):
        ring = sorted(group)
        few += list(zip(ring, ring[1:] + ring[:1], strict=True)) if len(ring) > 1 else []
    assert closure(len(factors), few) == [bits(row["reachability"]) for row in factors]


def test_antecedents_and_powers_are_those_published(factors):
    reached = [bits(row["reachability"]) for row in factors]
    back = transposed(reached)
    for number, row in enumerate(factors, 1):
        wanted = bits("1 19") if number == MISPRINTED else bits(row["antecedent"])
        assert back[number - 1] == wanted
        assert reached[number - 1] & back[number - 1] == bits(row["intersection"])
    places = structure(reached).places
    assert [p.driving for p in places] == [len(row["reachability"].split()) for row in factors]
    assert [p.dependence for p in places][1:] == [len(row["antecedent"].split()) for row in factors][1:]


def test_levels_follow_from_the_published_sets_by_the_published_rule(factors):
    """Level by level: those whose reachability set is their intersection, by the columns of the table."""
    left, number, wanted = set(range(1, len(factors) + 1)), 0, {}
    while left:
        number += 1
        rows = {n: factors[n - 1] for n in left}
        top = {
            n
            for n, row in rows.items()
            if {int(x) for x in row["reachability"].split()} & left
            == {int(x) for x in row["intersection"].split()} & left
        }
        wanted |= dict.fromkeys(top, number)
        left -= top
    reached = [bits(row["reachability"]) for row in factors]
    assert levels(reached, transposed(reached)) == [wanted[n] for n in sorted(wanted)]
    assert {n for n, level in wanted.items() if level == 1} == {5, 10, 11, 13}


def test_levels_are_those_of_the_published_matrix():
    rows = table("scitepress-103153-tables3-4.csv")
    reached = [
        sum(1 << n for n, cell in enumerate(row["row"].split()) if cell.startswith("1")) for row in rows
    ]
    found = levels(reached, transposed(reached))
    told = {n: int(row["level"]) for n, row in enumerate(rows) if row["level"]}
    assert len(told) == 14
    assert {n: found[n] for n in told} == told
    edges = [(n, to) for n, row in enumerate(reached) for to in range(len(rows)) if row >> to & 1]
    assert closure(len(rows), edges) != reached


def test_no_next_level_is_told():
    with pytest.raises(ValueError, match="no next level"):
        levels([0b011, 0b110, 0b101], transposed([0b011, 0b110, 0b101]))


EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20)


@given(EDGES)
def test_closure_and_levels_are_those_of_the_definitions(edges):
    graph = nx.DiGraph(edges)
    graph.add_nodes_from(range(8))
    reached = closure(8, edges)
    assert reached == [sum(1 << n for n in {node} | nx.descendants(graph, node)) for node in range(8)]
    condensed = nx.condensation(graph)
    depth = {}
    for group in reversed(list(nx.topological_sort(condensed))):
        depth[group] = 1 + max((depth[after] for after in condensed.successors(group)), default=0)
    home = condensed.graph["mapping"]
    assert levels(reached, transposed(reached)) == [depth[home[node]] for node in range(8)]
    seen = set()
    for group in components(8, edges):
        assert all(n in seen or n in group for node in group for n in graph.successors(node))
        seen |= set(group)


def test_quadrants_part_at_the_means():
    #  0 → 1 → 2, 3 alone
    found = structure(closure(4, [(0, 1), (1, 2)]))
    assert [p.level for p in found.places] == [3, 2, 1, 1]
    assert [(p.driving, p.dependence) for p in found.places] == [(3, 1), (2, 2), (1, 3), (1, 1)]
    assert [p.quadrant for p in found.places] == ["driving", "linkage", "dependent", "autonomous"]
    assert (found.driving_midline, found.dependence_midline) == (1.75, 1.75)
