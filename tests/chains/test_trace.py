"""A trace finds what brute force and property paths find, and tells every limit it meets."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from natgraph.chains import trace
from natgraph.errors import NotFound
from natgraph.queries import rows
from natgraph.terms import NG, record
from tests.chains.conftest import barrier, nets, slugs, small

PATHS = {
    "causes": "SELECT ?b ?x WHERE { ?b (ng:causedBy|ng:reinforcedBy)+ ?x }",
    "effects": "SELECT ?b ?x WHERE { ?b ^(ng:causedBy|ng:reinforcedBy)+ ?x }",
    "stated": "SELECT ?b ?x WHERE { ?b ng:statedCause+ ?x }",
}


def asked(store, name, iri):
    query = f"PREFIX ng: <{NG.iri}> {PATHS[name]}"
    return {row["x"] for row in rows(store, query, {"b": NamedNode(iri)})}


def iris(trace_of):
    return {node.thing.iri for node in trace_of.chain.nodes}


def test_every_real_barrier_reaches_what_property_paths_reach(index, store):
    for iri in index.net.barriers:
        assert iris(trace(index, iri)) == asked(store, "causes", iri) | {iri}
        assert iris(trace(index, iri, "effects")) == asked(store, "effects", iri) | {iri}
        assert iris(trace(index, iri, stated_only=True)) == asked(store, "stated", iri) | {iri}


def test_every_real_root_has_no_cause_or_is_a_closed_loop(index, store):
    no_cause = "FILTER NOT EXISTS { ?b ng:causedBy|ng:reinforcedBy ?x }"
    query = f"PREFIX ng: <{NG.iri}> SELECT ?b WHERE {{ ?b a ng:PolicyBarrier {no_cause} }}"
    single = {row["b"] for row in rows(store, query)}
    for iri in index.net.barriers:
        found = trace(index, iri)
        assert {end.barriers[0].iri for end in found.roots if not end.loop} == single & iris(found)
        for end in found.roots:
            if end.loop:
                members = {b.iri for b in end.barriers}
                assert all(asked(store, "causes", member) == members for member in members)


def test_the_real_loop_is_shown_as_a_loop(index):
    (loop,) = trace(index, "scaling-of-solutions-stalls").loops
    assert {b.slug for b in loop.barriers} == {
        "market-for-new-solutions-undeveloped",
        "scaling-of-solutions-stalls",
    }
    assert len(loop.steps) == 2


def followed(links, relations, stated_only):
    """The links that a chain follows, as a graph of NetworkX."""
    graph = nx.MultiDiGraph()
    for number, (cause, effect, more) in enumerate(links):
        if more["kind"] in relations and not more["refuted"] and (more["stated"] or not stated_only):
            graph.add_edge(cause, effect, key=number)
    return graph


RELATIONS = st.sampled_from([("causes", "reinforces"), ("causes",), ("causes", "reinforces", "part-of")])


@given(nets(), RELATIONS, st.booleans(), st.integers(0, 4), st.sampled_from(["causes", "effects"]))
def test_barriers_and_steps_are_those_within_the_depth(net, relations, stated_only, depth, way):
    count, links = net
    graph = followed(links, relations, stated_only)
    graph.add_nodes_from(range(count))
    around = graph.reverse() if way == "causes" else graph
    far = nx.single_source_shortest_path_length(around, 0, cutoff=depth)
    found = trace(
        small(*links, size=count), barrier(0), way, depth=depth, relations=relations, stated_only=stated_only
    )
    assert {int(n.thing.slug): n.distance for n in found.chain.nodes} == far
    within = {key for a, b, key in around.edges(keys=True) if far.get(a, depth) < depth}
    assert {int(step.link.rpartition("/")[2]) for step in found.chain.steps} == within
    goes_on = any(around.out_degree(node) for node, steps in far.items() if steps == depth)
    assert [bound.limit for bound in found.bounds] == ([depth] if goes_on else [])


@given(nets(), st.sampled_from(["causes", "effects"]))
def test_paths_are_all_simple_paths_that_go_no_further(net, way):
    count, links = net
    graph = followed(links, ("causes", "reinforces"), stated_only=False)
    graph.add_nodes_from(range(count))
    around = graph.reverse() if way == "causes" else graph
    every = {()} | {
        tuple(key for _, _, key in path)
        for target in set(around) - {0}
        for path in nx.all_simple_edge_paths(around, 0, target)
    }
    maximal = {p for p in every if not any(len(q) == len(p) + 1 and q[: len(p)] == p for q in every)}
    found = trace(small(*links, size=count), barrier(0), way, max_paths=10_000)
    order = -1 if way == "causes" else 1
    given_paths = [tuple(int(s.link.rpartition("/")[2]) for s in p.steps)[::order] for p in found.paths]
    assert sorted(given_paths) == sorted(maximal)
    for path in found.paths:
        assert [s.effect.iri for s in path.steps] == [b.iri for b in path.barriers[1:]]
        assert path.derived == sum(not s.stated for s in path.steps)
        if path.steps:
            assert path.weakest.stated == all(s.stated for s in path.steps)


@given(nets())
def test_roots_leaves_and_loops_are_those_of_the_graph(net):
    count, links = net
    graph = followed(links, ("causes", "reinforces"), stated_only=False)
    graph.add_nodes_from(range(count))
    found = trace(small(*links, size=count), barrier(0))
    inside = {0} | nx.ancestors(graph, 0)
    groups = [frozenset(g) for g in nx.strongly_connected_components(graph) if g <= inside]
    roots = {g for g in groups if all(c in g for node in g for c in graph.predecessors(node))}
    assert {frozenset(slugs(end.barriers)) for end in found.roots} == roots
    assert {frozenset(slugs(loop.barriers)) for loop in found.loops} == {g for g in groups if len(g) > 1}
    assert all(end.loop == (len(end.barriers) > 1) for end in found.roots)


def test_a_refuted_link_is_shown_but_not_followed():
    index = small((1, 0), (2, 1), (2, 0, {"refuted": True}), (3, 0, {"refuted": True}))
    found = trace(index, barrier(0))
    assert slugs(n.thing for n in found.chain.nodes) == {0, 1, 2}
    assert [step.cause.slug for step in found.refuted] == ["2"]
    assert all(not step.refuted for step in found.chain.steps)


def test_part_of_is_followed_only_if_asked_for_and_then_marked():
    index = small((1, 0, {"kind": "part-of"}), (2, 1))
    assert len(trace(index, barrier(0)).chain.nodes) == 1
    wider = trace(index, barrier(0), relations=("causes", "part-of"))
    assert [step.kind for step in wider.paths[0].steps] == ["causes", "part-of"]


def test_a_bound_of_barriers_or_paths_is_told():
    index = small(*[(n, 0) for n in range(1, 9)])
    found = trace(index, barrier(0), max_barriers=4, max_paths=3)
    assert (len(found.chain.nodes), len(found.paths)) == (4, 3)
    assert {(b.what.en, b.limit) for b in found.bounds} == {("number of barriers", 4), ("number of paths", 3)}
    assert trace(index, barrier(0)).bounds == []


def test_the_weakest_step_has_the_least_behind_it():
    index = small((1, 0), (2, 1, {"stated": False}), (3, 2))
    (path,) = trace(index, barrier(0)).paths
    assert path.weakest.cause.slug == "2"


def test_a_real_path_crosses_levels_and_names_sources(index):
    found = trace(index, "scaling-of-solutions-stalls")
    path = next(
        p for p in found.paths if p.barriers[0].slug == "eu-procurement-rules-cover-service-acquisition"
    )
    assert path.levels[0] == "eu"
    assert path.levels[-1] == "local"
    assert path.sources
    assert found.how.version == index.version


def test_an_unknown_barrier_gets_near_matches(index):
    with pytest.raises(NotFound, match="scaling-of-solutions-stalls"):
        trace(index, "scaling-of-solution-stalls")
    with pytest.raises(NotFound):
        trace(index, record("barrier", "no-such").value)
