"""Filling a store elsewhere: again, after a change, beside other data, and when it fails in the middle."""

import asyncio
import hashlib

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from natgraph.build import Dataset
from natgraph.errors import NotPublished
from natgraph.remote.endpoint import Endpoint
from natgraph.remote.publish import Outcome, publish
from natgraph.remote.record import GRAPH, read
from natgraph.remote.store import Store
from natgraph.remote.writers import GraphStore, Updates, pieces
from natgraph.store import load
from tests.conftest import serving, until
from tests.stores import oxigraph, oxigraph_union, running
from tests.stores import publish as publish_command

pytestmark = pytest.mark.xdist_group("remote")

ODD = r"""<x:s> <x:p> "a \"quoted\" word, a brace }, a \\ and\na line, å \u0007" <x:g1> .
<x:s> <x:p> "INSERT DATA { <x:a> <x:b> <x:c> } ;"@en <x:g1> .
<x:s> <x:p> <x:o> <x:g1> .
<x:s> <x:p> <x:o> <x:g2> .
<x:t> <x:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> <x:g2> .
<x:t> <x:p> "2026-11-24"^^<http://www.w3.org/2001/XMLSchema#date> <x:g3> .
"""


def made(text):
    nquads = "".join(sorted(text.splitlines(keepends=True))).encode()
    return Dataset(nquads, hashlib.sha256(nquads).hexdigest())


def fill(store, data, replace=False, report=lambda _: None):
    """Publish a dataset into a running store; what was sent."""

    async def main():
        there = Store(Endpoint(store.query), 1)
        option, url = store.fill
        writer = (GraphStore if option == "--graph-store-url" else Updates)(there, url)
        try:
            return await publish(data, there, writer, report, replace)
        finally:
            await there.close()

    return asyncio.run(main())


def recorded(store):
    async def main():
        there = Store(Endpoint(store.query), 1)
        try:
            return await read(there)
        finally:
            await there.close()

    return asyncio.run(main())


def holds(store):
    """All quads of a store, without the record of its version."""
    base = store.query.removesuffix("/query")
    text = httpx.get(f"{base}/store", headers={"Accept": "application/n-quads"}).content
    return {quad for quad in parse(text, RdfFormat.N_QUADS) if quad.graph_name != GRAPH}


def wanted(data):
    return set(load(data.nquads))


@pytest.fixture(params=[oxigraph, oxigraph_union], ids=["graph store", "update"])
def empty(request, tmp_path):
    """An empty store, filled by one of the two protocols."""
    with running(request.param(tmp_path)) as store:
        if request.param is oxigraph_union:  # here only the way it is filled is of interest
            store.kill()
            store.command.remove("--union-default-graph")
            store.start()
        yield store


def test_what_is_published_is_there_to_the_letter(empty):
    data = made(ODD)
    assert fill(empty, data) == Outcome(sent=3)
    assert holds(empty) == wanted(data)
    assert recorded(empty).version == data.version
    assert sorted(recorded(empty).graphs) == ["x:g1", "x:g2", "x:g3"]


def test_the_same_again_sends_nothing(empty):
    said = []
    fill(empty, made(ODD))
    assert fill(empty, made(ODD), report=said.append) == Outcome(unchanged=3)
    assert said == []


def test_only_what_changed_is_sent_and_what_is_gone_is_dropped(empty):
    fill(empty, made(ODD))
    changed = made(ODD.replace('"1.5"', '"2.5"').replace("<x:g3>", "<x:g4>"))
    assert fill(empty, changed) == Outcome(sent=2, unchanged=1, dropped=1)
    assert holds(empty) == wanted(changed)
    assert recorded(empty).version == changed.version
    assert sorted(recorded(empty).graphs) == ["x:g1", "x:g2", "x:g4"]


def test_other_data_in_the_default_graph_is_done_away_with_only_when_asked(empty):
    base = empty.query.removesuffix("/query")
    turtle = {"Content-Type": "text/turtle"}
    httpx.put(f"{base}/store?default", content="<x:other> <x:p> 1 .", headers=turtle)
    before = holds(empty)
    with pytest.raises(NotPublished, match="other data"):
        fill(empty, made(ODD))
    assert holds(empty) == before
    fill(empty, made(ODD), replace=True)
    assert holds(empty) == wanted(made(ODD))


def test_other_graphs_are_left_alone(empty):
    base = empty.query.removesuffix("/query")
    turtle = {"Content-Type": "text/turtle"}
    httpx.put(f"{base}/store?graph=x:other", content="<x:other> <x:p> 1 .", headers=turtle)
    fill(empty, made(ODD))
    changed = made(ODD.replace("<x:g3>", "<x:g4>"))
    fill(empty, changed)
    assert {str(q.graph_name) for q in holds(empty) - wanted(changed)} == {"<x:other>"}


def test_a_store_whose_default_graph_is_the_union_gets_the_merge_as_a_graph(tmp_path):
    with running(oxigraph_union(tmp_path)) as store:
        fill(store, made(ODD))
        merged = "https://w3id.org/natgraph/id/source/natgraph-merged"
        assert recorded(store).default_graph == merged
        triples = {q.triple for q in holds(store) if str(q.graph_name) == f"<{merged}>"}
        assert len(triples) == 5
        fill(store, made(ODD.replace('"1.5"', '"2.5"')))
        store.kill()
        store.command.remove("--union-default-graph")
        store.start()  # in memory: it is empty now, and no union
        fill(store, made(ODD))
        assert recorded(store).default_graph is None


def test_a_publish_that_breaks_off_says_so_and_the_next_one_mends_it(root, tmp_path):
    """The store dies when a hundred graphs have come; a served version is gone with the first of them."""
    store = oxigraph(tmp_path, "--location", str(tmp_path / "data"))
    old, new = made(many("old")), made(many("new"))
    with running(store), serving("--store", store.query, root=root) as (url, _):
        fill(store, old)
        with pytest.raises(NotPublished, match="no data version now"):
            fill(store, new, report=lambda _: store.kill())
        store.start()
        assert recorded(store).version is None
        assert len(recorded(store).graphs) == 150
        assert holds(store) not in (wanted(old), wanted(new))
        until(lambda: httpx.get(f"{url}/health/ready").json().get("version") == "unknown")
        assert fill(store, old).unchanged == 0  # also back to what was there before
        assert holds(store) == wanted(old)
        assert recorded(store).version == old.version
        fill(store, new)
        assert holds(store) == wanted(new)
        assert recorded(store).version == new.version


def many(word):
    """150 graphs, more than are sent before something is reported."""
    return "".join(
        f'<x:s{n}> <x:p> "{word}" <x:g{n}> .\n<x:s{n}> <x:p> <x:o> <x:g{n}> .\n' for n in range(150)
    )


def test_a_store_that_loses_statements_gets_no_version(tmp_path):
    """What stands in its default graph is counted before the version is written."""
    with running(oxigraph(tmp_path)) as store:
        there = store.query.removesuffix("query") + "store?default"

        class Losing(GraphStore):
            async def flush(self):
                httpx.delete(there)

        async def main():
            connection = Store(Endpoint(store.query), 1)
            try:
                await publish(made(ODD), connection, Losing(connection, store.fill[1]), print)
            finally:
                await connection.close()

        with pytest.raises(NotPublished, match="says that it holds 0"):
            asyncio.run(main())
        assert recorded(store).version is None


def test_a_command_that_cannot_publish_says_what_to_do(root, tmp_path):
    with running(oxigraph(tmp_path)) as store:
        wrong = oxigraph(tmp_path)
        wrong.query, wrong.fill = store.query, []
        done = publish_command(root, wrong)
        assert done.returncode == 2
        assert "Nothing was published: see --update-url and --graph-store-url." in done.stderr
        both = publish_command(root, store, "--update-url", store.query)
        assert both.returncode == 2
        assert "not both" in both.stderr


def test_pieces_are_bounded():
    data = load(b"".join(b'<x:s%d> <x:p> "%s" <x:g> .\n' % (n, b"y" * 100) for n in range(100)))
    triples = [quad.triple for quad in data.quads_for_pattern(None, None, None, None)]
    texts = list(pieces(triples, 1000))
    assert max(map(len, texts)) <= 1000
    assert sum(text.count(" .\n") for text in texts) == len(triples)
