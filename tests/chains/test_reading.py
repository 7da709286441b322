"""The index is the same from a store in this process and over HTTP; what cannot be a chain is refused."""

import shutil

import httpx
import numpy as np
import pytest
from pyoxigraph import NamedNode

from natgraph.build import assemble, build
from natgraph.chains import index_of, plain, read_index, root_causes, select_from, trace
from natgraph.chains.names import Names
from natgraph.errors import ChainFault, DataFault
from natgraph.paths import Root
from natgraph.queries import rows
from natgraph.store import load
from natgraph.terms import NG
from tests.chains.conftest import barrier, link, small


def over_http(url):
    """The reader of a SPARQL service."""

    def select(query):
        answer = httpx.post(
            f"{url}/sparql", data={"query": query}, headers={"Accept": "application/sparql-results+json"}
        )
        answer.raise_for_status()
        return [{n: cell["value"] for n, cell in row.items()} for row in answer.json()["results"]["bindings"]]

    return select


def test_a_service_gives_the_same_index_and_answers(index, server):
    url, _ = server
    remote = read_index(over_http(url), index.version)
    assert list(remote.net.barriers) == list(index.net.barriers)
    assert list(remote.net.links) == list(index.net.links)
    for column in ("cause", "effect", "kind", "stated", "refuted", "necessity", "group"):
        assert np.array_equal(getattr(remote.net, column), getattr(index.net, column))
    assert remote.facts == index.facts
    for scope in ("reuse-hard-to-scale", "scaling-of-solutions-stalls"):
        assert plain(trace(remote, scope)) == plain(trace(index, scope))
    assert plain(root_causes(remote)) == plain(root_causes(index))


def test_the_real_index_has_all_claims(index, store):
    links = rows(
        store,
        f"PREFIX ng: <{NG.iri}> SELECT ?l ?c ?e WHERE {{ ?l a ng:BarrierLink ; ng:cause ?c ; ng:effect ?e }}",
    )
    assert len(index.net.links) == len(links) == 281
    assert {tuple(sorted(row.values())) for row in links} == {
        tuple(sorted((s.link, s.cause.iri, s.effect.iri))) for s in map(index.step, range(281))
    }
    assert int(index.net.stated.sum()) == 144
    assert len(index.net.barriers) == 235


def test_every_derived_step_says_why_and_every_step_has_a_source(index):
    for step in map(index.step, range(len(index.net.links))):
        assert step.sources
        assert step.rationale
        assert step.rationale.sv != step.rationale.en


def test_equal_input_gives_equal_numbers():
    one, two = (small((2, 1), (1, 0), size=4) for _ in range(2))
    assert list(one.net.barriers) == list(two.net.barriers)
    assert one.net.into(one.number(barrier(0))) == two.net.into(two.number(barrier(0)))


def test_names_are_found_by_place_and_by_text():
    names = Names(f"ö{n}" for n in range(500))
    assert [names.place(text) for text in names] == list(range(500))
    assert names.place("ö500") is None
    assert Names([]).place("x") is None


def test_a_link_to_itself_is_refused():
    with pytest.raises(ChainFault, match="to itself"):
        index_of([link(1, 0, 0)])


def test_a_link_of_no_known_kind_is_refused(store):
    def select(query):
        found = [dict(row) for row in rows(store, query)]
        if "ng:BarrierLink" in query and "?cause" in query:
            found[0]["type"] = "https://example.org/other"
        return found

    with pytest.raises(ChainFault, match="has the type other"):
        read_index(select, "x")


def test_a_graph_without_barriers_has_an_empty_index():
    index = read_index(select_from(load(assemble([]).nquads)), "x")
    assert len(index.net.barriers) == 0
    assert root_causes(index).roots == []


@pytest.fixture
def copy(root, tmp_path):
    for part in ("ontology", "shapes"):
        (tmp_path / part).symlink_to(getattr(root, part))
    shutil.copytree(root.data, tmp_path / "data")
    return Root(tmp_path)


def spoiled(copy, old, new):
    path = copy.data / "barrier" / "reuse-hard-to-scale.trig"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(DataFault) as refused:
        build(copy)
    assert refused.value.path == path
    return refused.value, line


CAUSE = "ng:cause <https://w3id.org/natgraph/id/barrier/intermediate-storage-for-reuse-missing> ;"


def test_a_dangling_link_is_refused_at_build_with_file_and_line(copy):
    fault, line = spoiled(copy, CAUSE, CAUSE.replace("intermediate", "no-such"))
    assert fault.line == line
    assert "described nowhere" in str(fault)
    assert "add the barrier" in fault.cure


def test_a_link_to_itself_is_refused_at_build_with_file_and_line(copy):
    fault, line = spoiled(
        copy, CAUSE, "ng:cause <https://w3id.org/natgraph/id/barrier/reuse-hard-to-scale> ;"
    )
    assert fault.line == line
    assert "leads to itself" in str(fault)


def test_a_link_without_a_cause_is_refused_at_build(copy):
    fault, _ = spoiled(copy, CAUSE, 'ng:mechanism "x"@en ;')
    assert "has no cause" in str(fault)


def test_indexed_barriers_are_iris_of_the_graph(index, store):
    for iri in list(index.net.barriers)[:5]:
        assert NamedNode(iri)
        assert index.number(iri.rpartition("/")[2]) == index.number(iri)
