"""What was written to a server goes into the record files, all of it in the right place, or nothing."""

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse

from natgraph.build import build
from natgraph.check import check_layout
from natgraph.cli import main
from natgraph.errors import ImportFailed
from natgraph.paths import Root
from natgraph.read import read_records
from natgraph.terms import EDITORS, ONTOLOGY, PREFIXES, QUERIES, RULES, record
from natgraph.writes.assemble import assemble_with
from natgraph.writes.patch import Overlay, Patch
from natgraph.writes.placing import file_of
from natgraph.writes.records import plan
from natgraph.writes.state import State

pytestmark = pytest.mark.xdist_group("import")

ID = "https://w3id.org/natgraph/id/"
PAGE = record("source", "example-org-a-page")
BARRIER = "barrier/actor-missions-not-aligned"
PREFIX = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + f"@base <{ID}> .\n"


@pytest.fixture(scope="module")
def original(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("original")
    for part in ("ontology", "data", "shapes"):
        shutil.copytree(root.folder / part, folder / part)
    return folder


@pytest.fixture
def copy(original, tmp_path):
    shutil.copytree(original, tmp_path / "root", copy_function=shutil.copyfile)
    return Root(tmp_path / "root")


def said(turtle):
    return frozenset(
        f"{q.subject} {q.predicate} {q.object}" for q in parse(PREFIX + turtle, RdfFormat.TURTLE)
    )


def written(root, **patches):
    """An overlay, and the dataset that a server over the root's data would serve with it."""
    graphs = {record("source", slug.replace("_", "-")).value: patch for slug, patch in patches.items()}
    made = assemble_with(build(root), Overlay(graphs), ours=True)
    assert made.overlay.patches == graphs, "each statement of the case makes a difference"
    return made


def texts(root):
    return {root.name(path): path.read_text(encoding="utf-8") for path in root.inputs()}


def changed(root, before):
    after = texts(root)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def of_thing(root, name):
    """What the editors say of the records in a file."""
    quads = read_records([root.data / f"{name}.trig"])
    return frozenset(f"{q.subject} {q.predicate} {q.object}" for q in quads if q.graph_name == EDITORS)


NEW = """
<barrier/new-one> a ng:PolicyBarrier ; skos:prefLabel "New one"@en .
<encounter/new-one--lunds-kommun> a ng:Encounter ; ng:barrier <barrier/new-one> .
<barrier-link/actor-missions-not-aligned--new-one> a ng:BarrierLink ; ng:effect <barrier/new-one> ;
  ng:cause <barrier/actor-missions-not-aligned> .
<barrier-link/new-one--actor-missions-not-aligned> a ng:BarrierLink ; ng:cause <barrier/new-one> ;
  ng:effect <barrier/actor-missions-not-aligned> .
<legal-provision/sfs-2016-1145--1-kap-99> a ng:LegalProvision ; eli:is_part_of <legal-act/sfs-2016-1145> .
<concept/theme/new-theme> skos:prefLabel "New theme"@en .
<participation/somebody> ng:participatesIn <platform/kiruna>, <project/testbed-kiruna> .
<variant/other-role> ng:variantOf <participation/somebody> .
"""
SOURCES = """
<source/example-org-a-page> a ng:Source ; schema:url <https://www.Example.org/a-page> .
<source/example-org-a-part> a ng:Source ; dcterms:isPartOf <source/example-org-a-page> .
<source/a-table> a ng:Source ; dcterms:title "A table"@en .
"""


def test_each_thing_finds_its_file(copy):
    before = texts(copy)
    made = written(copy, example_org_a_page=Patch(said(NEW)), natgraph_editors=Patch(said(SOURCES)))
    plan(copy.data, made.overlay).carry_out()
    assert changed(copy, before) == {
        "data/barrier/new-one.trig",
        f"data/{BARRIER}.trig",
        "data/legal-act/sfs-2016-1145.trig",
        "data/concept/theme/new-theme.trig",
        "data/project/testbed-kiruna.trig",
        "data/source/example.org.trig",
        "data/source/datasets.trig",
    }
    assert build(copy) == made.dataset
    assert not check_layout(copy.data)
    assert not plan(copy.data, made.overlay).files


def test_what_is_removed_is_removed_and_an_empty_file_goes(copy):
    measure = next(iter(sorted((copy.data / "measure").glob("*.trig"))))
    patches = {}
    for quad in read_records([measure]):
        patches.setdefault(quad.graph_name.value, set()).add(f"{quad.subject} {quad.predicate} {quad.object}")
    graphs = {graph: Patch(frozenset(), frozenset(said_)) for graph, said_ in patches.items()}
    made = assemble_with(build(copy), Overlay(graphs), ours=True)
    before = texts(copy)
    plan(copy.data, made.overlay).carry_out()
    assert changed(copy, before) == {copy.name(measure)}
    assert not measure.exists()
    assert build(copy) == made.dataset


def test_a_thing_that_belongs_elsewhere_now_moves(copy):
    thing = "encounter/actor-missions-not-aligned--lunds-kommun"
    quads = [
        q for q in read_records([copy.data / f"{BARRIER}.trig"]) if q.object == record(*BARRIER.split("/"))
    ]
    (source,) = {q.graph_name.value for q in quads if q.subject.value == f"{ID}{thing}"}
    old, new = (
        said(f"<{thing}> ng:barrier <barrier/{slug}> .") for slug in (BARRIER[8:], "reuse-hard-to-scale")
    )
    made = assemble_with(build(copy), Overlay({source: Patch(new, old)}), ours=True)
    before = texts(copy)
    plan(copy.data, made.overlay).carry_out()
    assert changed(copy, before) == {f"data/{BARRIER}.trig", "data/barrier/reuse-hard-to-scale.trig"}
    assert thing not in (copy.data / f"{BARRIER}.trig").read_text(encoding="utf-8")
    assert build(copy) == made.dataset
    assert not check_layout(copy.data)


def test_a_literal_is_found_however_the_file_writes_it(copy):
    path = copy.data / f"{BARRIER}.trig"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text + f'GRAPH {EDITORS} {{ <{ID}{BARRIER}> <x:amount> "01.50"^^<x:d>, 01.50 . }}\n', encoding="utf-8"
    )
    gone = said(f"<{BARRIER}> <x:amount> 1.5 .")
    planned = plan(copy.data, Overlay({EDITORS.value: Patch(removed=gone)}))
    assert planned.missed == 0
    (new,) = planned.files.values()
    assert '"01.50"^^<x:d>' in new
    assert '01.50"^^xsd' not in new


def test_statements_that_files_no_longer_hold_are_counted(copy):
    overlay = Overlay({EDITORS.value: Patch(removed=said(f'<{BARRIER}> skos:note "never there" .'))})
    planned = plan(copy.data, overlay)
    assert (dict(planned.files), planned.missed) == ({}, 1)


@pytest.mark.parametrize(
    ("turtle", "match"),
    [
        ("<https://example.org/x> skos:note 1 .", "no record of natgraph"),
        ("ng:cause skos:note 1 .", "no record of natgraph"),
        (f"<{ID}barrier/../../../evil> skos:note 1 .", "no record of natgraph"),
        (f"<{ID}barrier/..%2Fevil> skos:note 1 .", "no record of natgraph"),
        ("<barrier/Upper> skos:note 1 .", "no record of natgraph"),
        ("<barrier/a/b> skos:note 1 .", "pattern of its type"),
        ("<concept/theme> skos:note 1 .", "pattern of its type"),
        ("<unheard-of/x> skos:note 1 .", "type without a folder"),
        ("<encounter/x> a ng:Encounter .", "which record it belongs to"),
        ("<encounter/x> ng:barrier <barrier/nowhere> .", "which record it belongs to"),
        (
            "<variant/x> ng:variantOf <variant/y> . <variant/y> ng:variantOf <variant/x> .",
            "which record it belongs",
        ),
        ("<source/x> a ng:Source ; schema:url <mailto:a@example.org> .", "without a host"),
        ("<source/x> schema:url <https://example.org/> .", "no ng:Source"),
        (
            "<source/x> a ng:Source ; schema:url <https://example.org/>, <https://example.net/> .",
            "an address on another host",
        ),
    ],
)
def test_what_no_file_may_hold_stops_all_of_it(original, turtle, match):
    root = Root(original)
    overlay = Overlay({EDITORS.value: Patch(said(f"{turtle} <{BARRIER}> skos:note 1 ."))})
    with pytest.raises(ImportFailed, match=match):
        plan(root.data, overlay)


@pytest.mark.parametrize("graph", [RULES.value, QUERIES.value, ONTOLOGY.value, ""])
def test_graphs_that_are_not_kept_in_record_files_are_refused(original, graph):
    with pytest.raises(ImportFailed, match="not kept in record files"):
        plan(Root(original).data, Overlay({graph: Patch(said(f"<{BARRIER}> skos:note 1 ."))}))
    with pytest.raises(ImportFailed, match="not kept in record files"):
        plan(Root(original).data, Overlay({EDITORS.value: Patch(whole=True)}))


def test_removing_a_record_but_not_what_belongs_to_it_is_refused(original):
    quads = read_records([original / "data" / f"{BARRIER}.trig"])
    graphs = {}
    for quad in quads:
        if quad.subject.value == f"{ID}{BARRIER}":
            graphs.setdefault(quad.graph_name.value, set()).add(
                f"{quad.subject} {quad.predicate} {quad.object}"
            )
    overlay = Overlay({graph: Patch(removed=frozenset(texts_)) for graph, texts_ in graphs.items()})
    with pytest.raises(ImportFailed, match="does not describe"):
        plan(original / "data", overlay)


def test_the_files_of_today_are_where_the_rule_puts_them(root):
    homes, things = {}, {}
    for path in root.data.rglob("*.trig"):
        for quad in read_records([path]):
            homes[quad.subject.value] = path.relative_to(root.data).with_suffix("").as_posix()
            things.setdefault(quad.subject.value, []).append(quad)
    assert len(things) > 4000
    assert {thing: file_of(thing, quads, homes.get) for thing, quads in things.items()} == homes


# The command


@pytest.fixture
def state(copy, tmp_path):
    """A server's folder, with one label changed, and what that server serves."""
    before = of_thing(copy, BARRIER)
    label = next(
        text for text in before if "--lunds-kommun> " in text and '"@sv' in text and "prefLabel" in text
    )
    made = written(
        copy, natgraph_editors=Patch(frozenset({label.replace("mötte", "möter")}), frozenset({label}))
    )
    with State(tmp_path / "state") as state:
        state.settle(made.overlay)
    return tmp_path / "state", made


def run(root, *arguments):
    return CliRunner().invoke(main, ["--root", str(root.folder), "import", *arguments])


def test_a_dry_run_lists_and_changes_nothing(copy, state):
    before = texts(copy)
    done = run(copy, "--state", str(state[0]), "--dry-run")
    assert (done.exit_code, done.output) == (0, f"data/{BARRIER}.trig: would be changed\n")
    assert texts(copy) == before


def test_what_was_imported_is_what_the_server_serves(copy, state):
    done = run(copy, "--state", str(state[0]))
    assert done.exit_code == 0, done.output
    assert f"data/{BARRIER}.trig: changed\n" in done.output
    assert f"what the server serves: version {state[1].dataset.version[:12]}" in done.output
    assert build(copy) == state[1].dataset
    settled = assemble_with(build(copy), state[1].overlay, ours=True)
    assert settled.overlay.patches == {}
    again = run(copy, "--state", str(state[0]))
    assert (again.exit_code, "Nothing to import" in again.output) == (0, True)


def test_violations_are_shown(copy, tmp_path):
    made = written(copy, natgraph_editors=Patch(said(f'<{BARRIER}> ng:status "wrong" .')))
    with State(tmp_path / "state") as state:
        state.settle(made.overlay)
    done = run(copy, "--state", str(tmp_path / "state"))
    assert done.exit_code == 1
    assert f"data/{BARRIER}.trig" in done.output
    assert "violation: PolicyBarrier-status" in done.output


class Server(BaseHTTPRequestHandler):
    document = b""

    def do_GET(self):
        good = self.headers["Authorization"] == "Bearer secret"
        self.send_response(404 if self.path != "/graph-store/overlay" else 200 if good else 401)
        self.end_headers()
        if good:
            self.wfile.write(self.document)

    def log_message(self, *_):
        pass


@pytest.fixture
def url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_server_is_asked_with_the_token(copy, state, url, monkeypatch):
    monkeypatch.setenv("NATGRAPH_TOKEN", "anna:secret")
    monkeypatch.setattr(Server, "document", state[1].overlay.to_json().encode())
    done = run(copy, "--from-server", f"{url}/", "--dry-run")
    assert (done.exit_code, done.output) == (0, f"data/{BARRIER}.trig: would be changed\n")


def test_a_server_that_does_not_tell_is_said(copy, url, monkeypatch):
    def fails(match, address=url):
        done = run(copy, "--from-server", address)
        assert done.exit_code == 2
        assert match in done.stderr

    monkeypatch.delenv("NATGRAPH_TOKEN", raising=False)
    fails("Set NATGRAPH_TOKEN")
    monkeypatch.setenv("NATGRAPH_TOKEN", "wrong")
    fails("does not take the token")
    monkeypatch.setenv("NATGRAPH_TOKEN", "secret")
    fails("offers no writing", f"{url}/below")
    fails("no account of what was written")
    fails("does not answer", "http://127.0.0.1:1")
    fails("does not answer", "nonsense")


def test_one_place_is_named(copy, tmp_path):
    assert run(copy).exit_code == 2
    assert run(copy, "--from-server", "http://127.0.0.1:1", "--state", str(tmp_path)).exit_code == 2
