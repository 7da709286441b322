"""What many tests need: the real graph, and a real server over it, each made once a process."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from natgraph.build import Dataset, build
from natgraph.paths import Root, find_root
from natgraph.store import load


@pytest.fixture(scope="session")
def root() -> Root:
    """The checkout the tests stand in."""
    return find_root()


@pytest.fixture(scope="session")
def dataset(root: Root) -> Dataset:
    """The real graph in its canonical form."""
    return build(root)


@pytest.fixture(scope="session")
def store(dataset: Dataset) -> Iterator:
    """The real graph, ready to be asked."""
    return load(dataset.nquads)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server(root):
    """A server over the real graph, two workers, two seconds a query; gives its address and process."""
    with serving("--timeout", "2", root=root) as (url, process):
        yield url, process


@contextmanager
def serving(*options, root=None, port=None, log=None, until=None, **environment):
    """A server process with these options, as soon as it is ready; gives its address and process."""
    port = port or free_port()
    command = [sys.executable, "-m", "natgraph"]
    command += ["--root", str(root.folder)] if root else []
    command += ["serve", "--port", str(port), *map(str, options)]
    with TemporaryDirectory() as folder:
        log = log or Path(folder) / "log"
        with log.open("ab") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **environment})
        url = f"http://127.0.0.1:{port}"
        try:
            deadline = time.monotonic() + 90
            while not (until or is_ready)(url):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield url, process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def is_alive(url):
    try:
        return httpx.get(f"{url}/health/live").status_code == 200
    except httpx.TransportError:
        return False


def is_ready(url):
    try:
        ready = httpx.get(f"{url}/health/ready").status_code == 200
        return ready and httpx.get(f"{url}/api/v1/search?q=a").status_code != 503
    except httpx.TransportError:
        return False


def until(done, seconds=60):
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def below(pid: int) -> list[int]:
    """The process that holds the graph, and the workers."""
    return [found for child in children(pid) for found in (child, *children(child))]


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in found.split()]
