"""Any RDF can be served, so that others can judge the service with data of their own."""

import gzip
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode

from natgraph.anydata import format_of, gather
from natgraph.errors import DataFault
from natgraph.store import Snapshot, put_on_disk
from tests.conftest import below, free_port, is_ready

pytestmark = pytest.mark.xdist_group("anydata")

TRIG = "<http://x/g> { <http://x/s> <http://x/p> 'named', _:b } <http://x/s> <http://x/p> 'default' ."
TURTLE = "<#here> <http://x/p> _:b ."


@pytest.fixture
def files(tmp_path):
    packed, plain = tmp_path / "one.trig.gz", tmp_path / "two.ttl"
    packed.write_bytes(gzip.compress(TRIG.encode()))
    plain.write_text(TURTLE)
    return packed, plain


def test_files_of_several_formats_become_one_graph(files, tmp_path):
    target = tmp_path / "graph.nq"
    version, quads = gather(files, target)
    assert quads == 4
    assert len(version) == 64
    text = target.read_text()
    assert f"<{files[1].as_uri()}#here>" in text
    blank = {word for word in text.split() if word.startswith("_:")}
    assert len(blank) == 2  # the same label in two files is two nodes


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.csv", b"", "tells no RDF format"),
        ("a.ttl", b"<http://x/a> <http://x/b> .", "a.ttl:1:"),
        ("a.ttl.gz", b"not gzip", "a.ttl.gz:1:1"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path, name, content, part):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataFault, match="mend:") as caught:
        gather([path], tmp_path / "out.nq")
    assert part in str(caught.value)


def test_the_format_is_told_by_the_ending(tmp_path):
    for ending in ("ttl", "nt", "nq", "trig", "rdf", "jsonld", "n3", "ttl.gz"):
        assert format_of(tmp_path / f"a.{ending}")


@pytest.mark.parametrize("mode", ["merge", "as-is"])
def test_memory_and_disk_hold_the_same(files, tmp_path, mode):
    target = tmp_path / "graph.nq"
    gather(files, target)
    in_memory = Snapshot(target, mode)
    on_disk = put_on_disk(in_memory, tmp_path / "store")
    assert on_disk.on_disk
    for snapshot in (in_memory, on_disk):
        store = snapshot.open()
        default = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
        assert len(default) == (4 if mode == "merge" else 2)
        assert len(list(store.quads_for_pattern(None, None, None, NamedNode("http://x/g")))) == 2
        del store


@pytest.mark.parametrize("options", [("--store", "memory"), ("--store", "disk", "--default-graph", "as-is")])
def test_it_is_served(files, options):
    port = free_port()
    command = [sys.executable, "-m", "natgraph", "serve", "--port", str(port), *options]
    for path in files:
        command += ["--data", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while not is_ready(url):
            assert process.poll() is None
            time.sleep(0.1)
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        for number in range(3):
            answer = httpx.get(f"{url}/sparql", params={"query": f"{count} # {number}", "format": "csv"})
            assert answer.text.split() == ["n", "2" if "as-is" in options else "4"]
        assert "SPARQL" in httpx.get(url).text
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)


def test_a_killed_server_leaves_no_process_behind(files):
    port = free_port()
    command = [sys.executable, "-m", "natgraph", "serve", "--port", str(port), "--data", str(files[1])]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not is_ready(f"http://127.0.0.1:{port}"):
        time.sleep(0.1)
    left = below(process.pid)
    assert len(left) > 1
    process.kill()
    process.wait()
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in left):
        assert time.monotonic() < deadline
        time.sleep(0.05)
