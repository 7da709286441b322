"""The same input gives the same bytes; a broken file leaves nothing behind."""

import hashlib
import random
import shutil
import subprocess
import sys

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, parse

from natgraph.build import assemble, build, write_atomically
from natgraph.errors import DataFault
from natgraph.paths import Root
from natgraph.read import read_root
from natgraph.store import load
from natgraph.terms import NG, RULES, record


def natgraph(*arguments, seed="0", **more):
    return subprocess.run(
        [sys.executable, "-m", "natgraph", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
        **more,
    )


@pytest.fixture
def small(root, tmp_path):
    """A root of a few real records."""
    shutil.copytree(root.ontology, tmp_path / "ontology")
    shutil.copytree(root.shapes, tmp_path / "shapes")
    (tmp_path / "data" / "platform").mkdir(parents=True)
    for name in ("kiruna", "boras"):
        shutil.copy(root.data / "platform" / f"{name}.trig", tmp_path / "data" / "platform")
    return Root(tmp_path)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_any_hash_seed_gives_the_same_bytes(root, dataset, tmp_path, seed):
    out = tmp_path / "graph.nq"
    done = natgraph("--root", str(root.folder), "build", "--output", str(out), seed=seed)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == dataset.nquads
    assert dataset.version in done.stdout


def test_any_file_order_gives_the_same_bytes(root, dataset):
    quads = list(read_root(root))
    random.Random(7).shuffle(quads)
    assert assemble(quads).nquads == dataset.nquads


def test_the_version_is_the_hash_of_the_canonical_file(dataset):
    assert dataset.version == hashlib.sha256(dataset.nquads).hexdigest()


def test_the_canonical_file_is_sorted_without_doubles_or_blank_nodes(dataset):
    lines = dataset.nquads.decode().splitlines()
    assert lines == sorted(set(lines))
    assert not [line for line in lines if line.startswith("_:") or " _:" in line.split('"')[0]]


def test_literals_are_as_the_store_writes_them(dataset):
    again = load(dataset.nquads)
    named = {f"{q} ." for q in again if not isinstance(q.graph_name, DefaultGraph)}
    assert named == set(dataset.nquads.decode().splitlines())


def test_the_merge_holds_each_triple_once(store):
    named = {(q.subject, q.predicate, q.object) for q in store if not isinstance(q.graph_name, DefaultGraph)}
    merge = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
    assert len(merge) == len(named)
    assert {(q.subject, q.predicate, q.object) for q in merge} == named


LINK = """
PREFIX ng: <https://w3id.org/natgraph/def/>
PREFIX concept: <https://w3id.org/natgraph/id/concept/>
PREFIX barrier: <https://w3id.org/natgraph/id/barrier/>
GRAPH <https://w3id.org/natgraph/id/source/page> {{
  <https://w3id.org/natgraph/id/barrier-link/a--b> a ng:BarrierLink ;
    ng:cause barrier:a ; ng:effect barrier:b ;
    ng:linkType <https://w3id.org/natgraph/id/concept/link-type/{kind}> ;
    ng:polarity <https://w3id.org/natgraph/id/concept/polarity/{polarity}> ;
    ng:confidence <https://w3id.org/natgraph/id/concept/confidence/{confidence}> . }}
"""


@pytest.mark.parametrize(
    ("kind", "polarity", "confidence", "expected"),
    [
        ("causes", "hinders", "stated", {("b", "causedBy", "a"), ("b", "statedCause", "a")}),
        ("reinforces", "hinders", "stated", {("b", "reinforcedBy", "a"), ("b", "statedCause", "a")}),
        ("causes", "hinders", "derived", {("b", "causedBy", "a")}),
        ("part-of", "hinders", "stated", {("a", "partOfBarrier", "b")}),
        ("causes", "refuted", "stated", set()),
    ],
)
def test_shortcuts_follow_from_links(kind, polarity, confidence, expected):
    text = LINK.format(kind=kind, polarity=polarity, confidence=confidence)
    made = load(assemble(parse(text, RdfFormat.TRIG)).nquads)
    found = {
        (q.subject.value[-1], q.predicate.value.rpartition("/")[2], q.object.value[-1])
        for q in made.quads_for_pattern(None, None, None, RULES)
        if q.subject.value.startswith(record("barrier", "").value)
    }
    assert found == expected
    assert not list(made.quads_for_pattern(None, NG["causedBy"], None, record("source", "page")))


def test_a_broken_file_stops_the_build_and_leaves_nothing(small):
    bad = small.data / "platform" / "boras.trig"
    bad.write_text(bad.read_text(encoding="utf-8").replace("GRAPH", "GRAPHH", 1), encoding="utf-8")
    out = small.folder / "out" / "graph.nq"
    done = natgraph("--root", str(small.folder), "build", "--output", str(out))
    assert done.returncode == 2
    assert f"{bad}:" in done.stderr
    assert "mend:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()
    assert not list(small.folder.glob("out/*"))
    with pytest.raises(DataFault):
        build(small)


def test_writing_is_whole_or_not_at_all(tmp_path):
    target = tmp_path / "graph.nq"
    write_atomically(b"old", target)
    with pytest.raises(TypeError):
        write_atomically("not bytes", target)  # type: ignore[arg-type]
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
