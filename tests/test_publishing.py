"""A server goes over to what its files say now without a pause, and never to what does not conform."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from threading import Event, Thread

import httpx
import pytest

from natgraph.paths import Root
from tests.conftest import below, serving

pytestmark = pytest.mark.xdist_group("publishing")

TOKEN = "a-token-for-the-tests"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@contextmanager
def asked_all_the_time(url):
    """Ask from two sides without a pause; gives the list of all answers' statuses and versions."""
    over, seen = Event(), []

    def ask(number):
        with httpx.Client() as client:
            while not over.is_set():
                query = f"{COUNT} # {number} {len(seen)}"
                answer = client.get(f"{url}/sparql", params={"query": query, "format": "csv"})
                seen.append((answer.status_code, answer.headers.get("natgraph-version"), answer.text))

    threads = [Thread(target=ask, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()


def version(url):
    return httpx.get(f"{url}/health/ready").json()["version"]


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def publish(url, token=TOKEN):
    return subprocess.run(
        [sys.executable, "-m", "natgraph", "publish", "--server", url],
        env={**os.environ, "NATGRAPH_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_signal_has_the_files_served_anew_with_no_failed_request(tmp_path):
    data, log = tmp_path / "data.ttl", tmp_path / "log"
    data.write_text("<x:a> <x:b> 1 .")
    with serving("--data", data, log=log) as (url, process):
        first = version(url)
        with asked_all_the_time(url) as seen:
            for number in range(3):
                before = version(url)
                data.write_text("<x:a> <x:b> " + ", ".join(map(str, range(number + 2))) + " .")
                process.send_signal(signal.SIGHUP)
                until(lambda before=before: version(url) != before)
            until(lambda: seen[-1][2].split()[-1] == "4")
        assert {status for status, _, _ in seen} == {200}
        counts = [int(text.split()[-1]) for _, _, text in seen]
        assert set(counts) == {1, 2, 3, 4}
        by_version = {(v, text) for _, v, text in seen}
        assert len(by_version) == 4, "an answer's version is that of the data it was made from"
        until(lambda: len(below(process.pid)) <= 1 + os.cpu_count())  # those of editions past have ended
        edition = version(url)
        data.write_text("<x:a> <x:b> .")
        process.send_signal(signal.SIGHUP)
        until(lambda: "Not published" in log.read_text())
        assert "data.ttl:1:" in log.read_text()
        assert version(url) == edition != first


def test_only_what_conforms_is_published(root, tmp_path):
    for part in ("ontology", "data", "shapes"):
        shutil.copytree(root.folder / part, tmp_path / part)
    copy = Root(tmp_path)
    platform = copy.data / "platform" / "kiruna.trig"
    text = platform.read_text()
    options = ("--state", tmp_path / "state")
    with serving(*options, root=copy, NATGRAPH_TOKEN=TOKEN) as (url, _):
        before = version(url)
        assert "Nothing has changed" in publish(url).stdout
        platform.write_text(text.replace("prefLabel", "altLabel", 1))
        refused = publish(url)
        assert refused.returncode == 2
        assert "violation" in refused.stderr
        assert "kiruna" in refused.stderr
        assert version(url) == before
        label = next(line for line in text.splitlines() if "prefLabel" in line)
        name = label.split('"')[1]
        platform.write_text(text.replace(f'"{name}"', f'"{name} (ny)"'))
        done = publish(url)
        assert done.returncode == 0, done.stderr
        assert version(url) != before
        asked = "ASK { ?p ?l ?name FILTER(STRENDS(STR(?name), '(ny)')) }"
        assert httpx.get(f"{url}/sparql", params={"query": asked, "format": "csv"}).text.strip() == "true"


def test_publishing_needs_a_token(tmp_path):
    data = tmp_path / "data.ttl"
    data.write_text("<x:a> <x:b> 1 .")
    options = ("--data", data, "--state", tmp_path / "state")
    with serving(*options, NATGRAPH_TOKEN=TOKEN) as (url, _):
        assert httpx.post(f"{url}/publish").status_code == 401
        wrong = publish(url, "not-the-right-token-at-all")
        assert wrong.returncode == 2
        assert "401" in wrong.stderr
        assert publish(url).returncode == 0


def test_without_a_token_nothing_can_be_written(server):
    assert httpx.post(f"{server[0]}/publish").status_code == 404
    assert httpx.post(f"{server[0]}/update", data={"update": "CLEAR ALL"}).status_code == 404
    assert httpx.put(f"{server[0]}/graph-store?default", content=b"").status_code == 404
