"""A write is a small publish: all of it goes through the pipeline, or nothing has changed."""

import asyncio
import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, parse

from natgraph.build import Dataset, assemble
from natgraph.errors import (
    NoSuchGraph,
    NotConforming,
    QueryForbidden,
    QuerySyntax,
    StateBroken,
    WriteFailed,
    WriteOutOfMemory,
    WriteRefused,
    WriteTimeout,
)
from natgraph.terms import NG, ONTOLOGY, QUERIES, RULES, record
from natgraph.writes.allowed import may_happen
from natgraph.writes.assemble import assemble_with
from natgraph.writes.change import Delete, Post, Put, Update
from natgraph.writes.graphs import has_blank
from natgraph.writes.messages import error_of, told_error
from natgraph.writes.patch import GraphChange, Overlay, Patch, changes
from natgraph.writes.pipeline import outcome
from natgraph.writes.prepare import Target, WriteLimits, prepare

pytestmark = pytest.mark.xdist_group("writes")

E = "http://example.org/"
G, H = f"{E}g", f"{E}h"
PLAIN = f'<{E}a> <{E}p> "1" <{G}> .\n<{E}a> <{E}p> "1" <{H}> .\n<{E}b> <{E}p> <{E}a> <{H}> .\n'
LIMITS = WriteLimits(seconds=120)


def target(folder, text=PLAIN, shapes=None, default_graph="merge"):
    path = folder / "published.nq"
    path.write_text(text, encoding="utf-8")
    return Target(path, hashlib.sha256(text.encode()).hexdigest(), shapes, default_graph)


@pytest.fixture
def plain(tmp_path):
    return target(tmp_path)


@pytest.fixture
def as_is(tmp_path):
    return target(tmp_path, f'{PLAIN}<{E}c> <{E}p> "0" .\n', default_graph="as-is")


@pytest.fixture
def ours(tmp_path, root):
    """Seen as natgraph's own data; only for what is refused before the checks."""
    return target(tmp_path, shapes=root.shapes)


def write(change, onto, limits=LIMITS):
    return asyncio.run(prepare(change, onto, onto.nquads.parent, limits))


def lines(prepared):
    return set(prepared.nquads.read_text(encoding="utf-8").splitlines())


def refused(change, onto, error, match):
    """The error, as it is in the process of the write and as it comes back to the server."""
    with pytest.raises(error, match=match) as caught:
        outcome(change, onto.nquads.read_bytes(), onto.default_graph, onto.shapes, LIMITS.memory)
    returned = error_of(json.loads(json.dumps(told_error(caught.value))))
    assert (type(returned), str(returned)) == (type(caught.value), str(caught.value))
    assert returned.args == caught.value.args
    return returned


def fails(change, onto, error, match, limits=LIMITS):
    """The error of a write in its process; nothing is left behind by it."""
    before = {path: path.read_bytes() for path in onto.nquads.parent.iterdir()}
    with pytest.raises(error, match=match) as caught:
        write(change, onto, limits)
    assert {path: path.read_bytes() for path in onto.nquads.parent.iterdir()} == before
    assert not processes_of_writes()
    return caught.value


def processes_of_writes():
    """Those that this process has started and that are still there."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = path.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            if (
                b"natgraph.writes.process" in path.joinpath("cmdline").read_bytes()
                and int(parent) == os.getpid()
            ):
                found.append(path.name)
        except OSError:
            continue
    return found


# What is done


def test_an_update_changes_what_it_names_and_nothing_else(plain):
    done = write(Update(f"INSERT DATA {{ GRAPH <{G}> {{ <{E}n> <{E}p> 01 }} }}"), plain)
    new = f'<{E}n> <{E}p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert lines(done) == {*PLAIN.splitlines(), f"{new} <{G}> ."}
    assert done.version == hashlib.sha256(done.nquads.read_bytes()).hexdigest()
    assert (done.operation, done.old) == ("update", plain.version)
    (change,) = done.changes
    assert (change.graph, change.added, change.removed) == (G, {new}, frozenset())
    assert (change.new, change.gone, change.content) == (False, False, None)


def test_an_update_reads_what_readers_read(plain):
    """WHERE sees the merge: the statement of two graphs once, and a join across graphs."""
    text = f"INSERT {{ GRAPH <{E}n> {{ ?x <{E}count> ?n }} }} WHERE {{ {{ SELECT ?x (COUNT(*) AS ?n) "
    done = write(Update(f"{text} {{ ?y <{E}p> ?x . ?x <{E}p> ?v }} GROUP BY ?x }} }}"), plain)
    (change,) = done.changes
    assert change.new
    assert change.added == {f'<{E}a> <{E}count> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'}


def test_several_operations_are_one_write(plain):
    text = f"CREATE GRAPH <{E}n> ; COPY <{H}> TO <{E}n> ; DROP GRAPH <{H}> ; CLEAR GRAPH <{G}>"
    done = write(Update(text), plain)
    assert {c.graph: (c.new, c.gone) for c in done.changes} == {
        G: (False, True),
        H: (False, True),
        f"{E}n": (True, False),
    }
    assert lines(done) == {f'<{E}a> <{E}p> "1" <{E}n> .', f"<{E}b> <{E}p> <{E}a> <{E}n> ."}


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("ttl", '<x> <p> "v"@sv .'),
        ("text/turtle", '<x> <p> "v"@sv .'),
        ("nt", f'<{E}x> <{E}p> "v"@sv .'),
        ("jsonld", f'{{"@id": "x", "{E}p": {{"@value": "v", "@language": "sv"}}}}'),
        (
            "application/rdf+xml",
            f"""<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="{E}">
            <r:Description r:about="x"><e:p xml:lang="sv">v</e:p></r:Description></r:RDF>""",
        ),
    ],
)
def test_put_replaces_a_graph_and_post_adds_to_it(plain, form, body):
    said = f'<{E}x> <{E}p> "v"@sv'
    assert lines(write(Put(G, body.encode(), form), plain)) == {
        *(line for line in PLAIN.splitlines() if f"<{G}>" not in line),
        f"{said} <{G}> .",
    }
    assert lines(write(Post(G, body.encode(), form), plain)) == {*PLAIN.splitlines(), f"{said} <{G}> ."}


def test_delete_takes_a_graph_away(plain):
    done = write(Delete(G), plain)
    assert not any(f"<{G}>" in line for line in lines(done))
    assert [(c.graph, c.gone) for c in done.changes] == [(G, True)]
    refused(Delete(f"{E}nowhere"), plain, NoSuchGraph, "nowhere")


@pytest.mark.parametrize(
    "change",
    [
        Update(f'INSERT DATA {{ GRAPH <{G}> {{ <{E}a> <{E}p> "1" }} }}'),
        Update(f"DELETE WHERE {{ GRAPH <{G}> {{ <{E}nothing> ?p ?o }} }}"),
        Update(""),
        Put(G, f'<{E}a> <{E}p> "1"'.encode() + b" .", "ttl"),
        Post(G, b"", "ttl"),
    ],
)
def test_a_write_that_changes_nothing_is_no_new_version(plain, change):
    done = write(change, plain)
    assert done.version == done.old == plain.version
    assert done.nquads == plain.nquads
    assert not done.changes
    assert len(list(plain.nquads.parent.iterdir())) == 1


# What is refused


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        (Update(f"INSERT DATA {{ <{E}n> <{E}p> 1 }}"), WriteRefused, "Name a graph"),
        (Update("LOAD <http://127.0.0.1/x>"), QueryForbidden, "LOAD"),
        (Update("INSERT"), QuerySyntax, "line 1, column 7"),
        (Update(f"DROP GRAPH <{E}nowhere>"), WriteFailed, "does not exist"),
        (Delete(f"{E}nowhere"), NoSuchGraph, "nowhere"),
    ],
)
def test_a_refused_write_leaves_nothing_behind(plain, change, error, match):
    fails(change, plain, error, match)


@pytest.mark.parametrize(
    "change",
    [
        Update(f"INSERT DATA {{ <{E}n> <{E}p> 1 }}"),
        Update("DELETE WHERE { ?s ?p ?o }"),
        Update("CLEAR DEFAULT"),
        Update("CLEAR ALL"),
        Update("DROP ALL"),
        Update(f"COPY <{G}> TO DEFAULT"),
        Update(f"MOVE DEFAULT TO <{G}>"),
        Update(f"INSERT DATA {{ GRAPH <{G}> {{ <{E}n> <{E}p> 1 }} }} ; INSERT DATA {{ <{E}n> <{E}p> 2 }}"),
        Put("", b"", "ttl"),
        Post("", b"<http://x/> <http://x/> 1 .", "ttl"),
        Delete(""),
    ],
)
def test_the_default_graph_is_computed(plain, change):
    refused(change, plain, WriteRefused, "^Name a graph")


def test_a_default_graph_of_its_own_can_be_written(as_is):
    done = write(Update(f'INSERT DATA {{ <{E}n> <{E}p> "2" }}'), as_is)
    assert f'<{E}n> <{E}p> "2" .' in lines(done)
    assert [c.graph for c in done.changes] == [""]
    assert lines(write(Put("", b"", "ttl"), as_is)) == set(PLAIN.splitlines())
    assert lines(write(Delete(""), as_is)) == set(PLAIN.splitlines())
    assert f'<{E}c> <{E}p> "3" .' in lines(write(Post("", f'<{E}c> <{E}p> "3" .'.encode(), "nt"), as_is))


def test_statements_of_a_file_without_a_graph_stay(tmp_path):
    onto = target(tmp_path, f'{PLAIN}<{E}c> <{E}p> "0" .\n')
    assert f'<{E}c> <{E}p> "0" .' in lines(write(Delete(G), onto))


@pytest.mark.parametrize("graph", [RULES, QUERIES, ONTOLOGY])
@pytest.mark.parametrize("kind", ["update", "put", "post", "delete"])
def test_graphs_made_from_elsewhere_are_not_written(ours, graph, kind):
    body = b"<http://x/> <http://x/> 1 ."
    change = {
        "update": Update(f"INSERT DATA {{ GRAPH {graph} {{ <{E}n> <{E}p> 1 }} }}"),
        "put": Put(graph.value, body, "ttl"),
        "post": Post(graph.value, body, "ttl"),
        "delete": Delete(graph.value),
    }[kind]
    refused(change, ours, WriteRefused, f"{graph.value} cannot be written: ")


@pytest.mark.parametrize(
    "statement",
    ["[] <http://x/> 1", "<http://x/> <http://x/> []", "<http://x/> <http://x/> <<( <x:s> <x:p> 1 )>>"],
)
def test_our_own_data_has_no_blank_nodes(ours, plain, statement):
    change = Update(f"INSERT DATA {{ GRAPH <{G}> {{ {statement} }} }}")
    refused(change, ours, WriteRefused, "Give it an IRI")
    assert len(lines(write(change, plain))) == len(PLAIN.splitlines()) + 1


def test_texts_that_look_like_blank_nodes_are_texts():
    text = f'<{E}a> <{E}p> "_:b <<( "'
    may_happen([GraphChange(G, frozenset({text}), frozenset())], True, "merge")
    assert not has_blank(f"{text} .\n".encode())


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1/x>",
        "load silent <file:///etc/passwd> into graph <http://x/g>",
        "L\\u004fAD <http://127.0.0.1/x>",
        f"INSERT DATA {{ GRAPH <{G}> {{ <{E}n> <{E}p> 1 }} }} ; LOAD <http://127.0.0.1/x>",
        f"INSERT {{ GRAPH <{G}> {{ ?s ?p ?o }} }} WHERE {{ SERVICE <http://127.0.0.1/x> {{ ?s ?p ?o }} }}",
        f"INSERT {{ GRAPH <{G}> {{ ?s ?p 1 }} }} WHERE {{ ?s ?p ?o MINUS {{ service SILENT ?s {{}} }} }}",
        "DELETE WHERE " + "{" * 300 + "}" * 300,
    ],
)
def test_nothing_is_fetched_and_nothing_nests_deeply(plain, text):
    refused(Update(text), plain, QueryForbidden, "LOAD is switched off|SERVICE is switched off|nests 300")


def test_the_mere_word_passes(plain):
    said = '{ GRAPH load:g { load:LOAD load:service "LOAD <x> SERVICE" } } # LOAD'
    assert len(write(Update(f"PREFIX load: <{E}> INSERT DATA {said}"), plain).changes) == 1


def test_a_remote_context_is_not_fetched(plain):
    body = b'{"@context": "http://127.0.0.1:9/context", "name": "x"}'
    refused(Put(G, body, "jsonld"), plain, QuerySyntax, "remote contexts")


@pytest.mark.parametrize(
    ("change", "match", "line", "column"),
    [
        (
            Update("INSERT DATA {\n GRAPH <http://x/g> { <http://x/s> <http://x/p> }\n}"),
            "SPARQL 1.1 update",
            2,
            None,
        ),
        (
            Update("INSERT DATA { GRAPH <g> { <http://x/s> <http://x/p> 1 } }"),
            "relative without a BASE",
            1,
            None,
        ),
        (Update("SELECT * { ?s ?p ?o }"), "SPARQL 1.1 update", 1, None),
        (Put(G, b"<http://x/s> <http://x/p> 1 .\n<http://x/s> <http://x/p> .", "ttl"), "text/turtle", 2, 27),
        (Put(G, b"\xff", "nt"), "application/n-triples", 1, 1),
        (Post(G, b"<a", "rdf"), "application/rdf.xml", None, None),
        (
            Put(G, b'{"@id": "http://x/g", "@graph": [{"http://x/p": 1}]}', "jsonld"),
            "Named graphs",
            None,
            None,
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_line_and_column(plain, change, match, line, column):
    error = refused(change, plain, QuerySyntax, match)
    assert error.line == line
    assert column is None or error.column == column


def test_graphs_have_whole_names_and_bodies_known_formats(plain):
    refused(Put("g", b"", "ttl"), plain, WriteRefused, "absolute IRI")
    refused(Put(G, b"", "trig"), plain, WriteRefused, "one of ttl, nt, rdf, jsonld")
    refused(Put(G, b"", "text/csv"), plain, WriteRefused, "not as text/csv")


def test_what_the_engine_gives_up_on_is_told(plain):
    refused(Update(f"DROP GRAPH <{E}nowhere>"), plain, WriteFailed, "does not exist")


def test_a_graph_named_by_a_blank_node_is_left_alone(tmp_path):
    onto = target(tmp_path, f"{PLAIN}<{E}a> <{E}p> <{E}b> _:g .\n")
    refused(Update(f"DELETE WHERE {{ GRAPH ?g {{ ?s ?p <{E}b> }} }}"), onto, WriteRefused, "blank node")
    assert any(" _:" in line for line in lines(write(Delete(G), onto)))


# Limits

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u . ?v ?w ?x"


@pytest.fixture
def wide(tmp_path):
    return target(tmp_path, "".join(f'<{E}s{n}> <{E}p> "{n}" <{G}> .\n' for n in range(300)))


def test_a_write_that_takes_too_long_is_killed(wide):
    update = Update(
        f"INSERT {{ GRAPH <{G}> {{ <x:s> <x:p> ?n }} }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {CROSS} }} }}"
    )
    assert fails(update, wide, WriteTimeout, "stopped after 2 s", WriteLimits(seconds=2)).seconds == 2


def test_a_write_that_takes_too_much_memory_is_stopped(wide):
    update = Update(f"INSERT {{ GRAPH <{G}> {{ ?a <x:p> ?f, ?i, ?l }} }} WHERE {{ {CROSS} }}")
    limits = WriteLimits(seconds=60, memory=100 << 20)
    assert fails(update, wide, WriteOutOfMemory, "100 MiB", limits).memory == 100 << 20


def test_who_gives_up_ends_the_write(wide):
    update = Update(
        f"INSERT {{ GRAPH <{G}> {{ <x:s> <x:p> ?n }} }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {CROSS} }} }}"
    )

    async def give_up():
        task = asyncio.create_task(prepare(update, wide, wide.nquads.parent, LIMITS))
        while not processes_of_writes():
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    asyncio.run(give_up())
    assert not processes_of_writes()


# Overlays

NAMES = st.sampled_from([f"<{E}{n}>" for n in "abc"])
STATEMENTS = st.builds(lambda s, o: f'{s} <{E}p> "{o}"', NAMES, st.integers(0, 2))
CONTENTS = st.frozensets(STATEMENTS, max_size=4)


def as_bytes(content):
    return {G: "".join(f"{text} .\n" for text in content).encode()} if content else {}


@settings(deadline=None, database=None)
@given(CONTENTS, st.lists(CONTENTS, max_size=6))
def test_the_overlay_of_any_writes_gives_what_they_gave(published, contents):
    patch, now = Patch(), published
    for content in contents:
        for change in changes(as_bytes(now), as_bytes(content)):
            patch = patch.after(change)
        now = content
    assert patch.applied(published) == now
    assert not patch.added & published
    assert patch.removed <= published
    assert patch.over(published) == patch


@settings(deadline=None, database=None)
@given(CONTENTS, CONTENTS, CONTENTS)
def test_what_is_published_later_stays_visible_unless_it_was_removed(published, written, later):
    (patch,) = [Patch().after(c) for c in changes(as_bytes(published), as_bytes(written))] or [Patch()]
    assert patch.over(later).applied(later) == (later - (published - written)) | (written - published)


@settings(deadline=None, database=None)
@given(st.dictionaries(st.sampled_from([G, H, ""]), st.builds(Patch, CONTENTS, CONTENTS, st.booleans())))
def test_an_overlay_survives_the_exchange(patches):
    overlay = Overlay(patches, "new", "old")
    assert Overlay.from_json(overlay.to_json()) == overlay


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "<html>",
        '{"kind": "natgraph-overlay-2"}',
        '{"kind": "natgraph-overlay-1", "version": null, "base": null}',
        """{"kind": "natgraph-overlay-1", "version": "", "base": "",
            "graphs": [{"graph": "x", "whole": false, "added": "", "removed": ""}]}""",
        """{"kind": "natgraph-overlay-1", "version": "", "base": "",
            "graphs": [{"graph": "http://x/", "whole": false, "added": "<a> <b>", "removed": ""}]}""",
    ],
)
def test_anything_else_is_no_overlay(text):
    with pytest.raises(StateBroken, match="written"):
        Overlay.from_json(text)


def test_what_makes_no_difference_any_more_is_left_out(plain):
    base = Dataset(plain.nquads.read_bytes(), plain.version)
    there, absent = f'<{E}a> <{E}p> "1"', f'<{E}n> <{E}p> "1"'
    nothing = Overlay({G: Patch(frozenset({there}), frozenset({absent})), f"{E}n": Patch(whole=True)})
    made = assemble_with(base, nothing, ours=False)
    assert made.dataset == base
    assert made.overlay == Overlay({}, base.version, base.version)
    something = Overlay({G: Patch(frozenset({there, absent}), frozenset()), H: Patch(whole=True)})
    made = assemble_with(base, something, ours=False)
    assert made.dataset.nquads.decode() == f"{there} <{G}> .\n{absent} <{G}> .\n"
    assert made.overlay.patches == {G: Patch(frozenset({absent})), H: Patch(whole=True)}
    assert (made.overlay.version, made.overlay.base) == (made.dataset.version, base.version)


def test_graphs_with_blank_nodes_are_kept_whole(tmp_path):
    """The names of blank nodes are others each time a file is read."""
    text = f'<{E}a> <{E}p> _:b0 <{G}> .\n_:b0 <{E}q> "1" <{G}> .\n'
    done = write(Post(G, f'<{E}a> <{E}p> "2" .'.encode(), "nt"), target(tmp_path, text))
    (change,) = done.changes
    overlay = Overlay({G: Patch().after(change)})
    again = text.replace("b0", "other").encode()
    made = assemble_with(Dataset(again, ""), overlay, ours=False)
    assert set(made.dataset.nquads.decode().splitlines()) == lines(done)


# Our own data


@pytest.fixture(scope="module")
def real(dataset, root, tmp_path_factory):
    path = tmp_path_factory.mktemp("real") / "published.nq"
    path.write_bytes(dataset.nquads)
    return Target(path, dataset.version, root.shapes)


BARRIER = record("barrier", "actor-missions-not-aligned")


def test_a_write_to_our_data_is_derived_anew_and_checked(real, dataset):
    """What a claim that is refuted now led to is no longer derived; and what a build makes is the same."""
    link = record("barrier-link", "actor-missions-not-aligned--shared-autonomous-pilot-not-formed")
    hinders, refuted = (record("concept/polarity", name) for name in ("hinders", "refuted"))
    text = f"""PREFIX ng: <https://w3id.org/natgraph/def/>
        DELETE {{ GRAPH ?g {{ {link} ng:polarity {hinders} }} }}
        INSERT {{ GRAPH ?g {{ {link} ng:polarity {refuted} }} }}
        WHERE {{ GRAPH ?g {{ {link} ng:polarity {hinders} }} }}"""
    done = write(Update(text), real)
    (change,) = done.changes
    (polarity,) = (
        q for q in parse(dataset.nquads, RdfFormat.N_QUADS) if q.object == hinders and q.subject == link
    )
    stated = (q for q in parse(dataset.nquads, RdfFormat.N_QUADS) if q.graph_name != RULES and q != polarity)
    anew = assemble([*stated, Quad(link, NG["polarity"], refuted, polarity.graph_name)])
    assert done.nquads.read_bytes() == anew.nquads
    assert done.version == anew.version
    shortcut = b"shared-autonomous-pilot-not-formed> <https://w3id.org/natgraph/def/causedBy>"
    assert shortcut in dataset.nquads
    assert shortcut not in anew.nquads
    overlay = Overlay({change.graph: Patch().after(change)})
    assert assemble_with(dataset, overlay, ours=True).dataset == anew


def test_a_violating_write_is_refused_with_what_is_wrong(real):
    text = f"DELETE WHERE {{ GRAPH ?g {{ {BARRIER} <https://w3id.org/natgraph/def/status> ?o }} }}"
    before = sorted(real.nquads.parent.iterdir())
    with pytest.raises(NotConforming, match="actor-missions-not-aligned") as caught:
        write(Update(text), real)
    assert {f.focus for f in caught.value.findings} == {BARRIER.value}
    assert any(f.rule.endswith("PolicyBarrier-status") and f.message["sv"] for f in caught.value.findings)
    assert sorted(real.nquads.parent.iterdir()) == before
