"""The servers under measurement: how each is started over a file of N-Quads, asked and ended.

Each runs as a process of its own on loopback. One whose program is missing is left out.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread

import client

HERE = Path(__file__).parent
READY = "ASK {}"
PATIENCE = 600.0
PORTS = iter(range(18731, 18800))


class Missing(Exception):
    """A server cannot be measured here; the text says what is missing."""


@dataclass
class Server:
    """A server: the commands that prepare and run it, and what starting it took."""

    name: str
    about: str
    path: str
    preparing: list[list[str]]
    command: list[str]
    port: int
    load_seconds: float = 0.0
    load_bytes: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    log: Path = Path(os.devnull)

    @property
    def address(self) -> client.Address:
        """Where it is asked."""
        return client.Address(self.port, self.path)

    def start(self) -> None:
        """Load and serve; returns when it answers. Raises Missing if it does not get so far."""
        begun = time.perf_counter()
        for command in self.preparing:
            self._watched(self._launch(command), lambda process: process.poll() is not None)
        self.process = self._launch(self.command)
        self._watched(self.process, lambda _: self._answers())
        self.load_seconds = time.perf_counter() - begun

    def memory(self) -> int:
        """Bytes of memory that its processes hold now, shared ones counted once."""
        return memory_of(self.process.pid) if self.process else 0

    def stop(self) -> None:
        """End it and all its processes."""
        if self.process is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self.process = None

    def _launch(self, command: list[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def _watched(self, process: subprocess.Popen[bytes], done: "client.Test") -> None:
        """Wait for something of a process, noting the most memory that it held meanwhile."""
        over = Event()
        watcher = Thread(target=self._watch, args=(process.pid, over), daemon=True)
        watcher.start()
        end = time.perf_counter() + PATIENCE
        while not done(process):
            ended = process is self.process and process.poll() is not None
            if ended or time.perf_counter() > end:
                over.set()
                process.kill()
                raise Missing(f"{self.name} did not start, see {self.log}")
            time.sleep(0.02)
        over.set()
        watcher.join()
        if process is not self.process and process.returncode:
            raise Missing(f"{self.name} did not load the data, see {self.log}")

    def _watch(self, pid: int, over: Event) -> None:
        while not over.wait(0.2):
            self.load_bytes = max(self.load_bytes, memory_of(pid))

    def _answers(self) -> bool:
        try:
            return client.Client(self.address).ask(READY, client.ROWS).status == client.OK
        except OSError:
            return False


def memory_of(pid: int) -> int:
    """Bytes that a process and its descendants hold (proportional set size)."""
    return sum(_share(one) for one in [pid, *_descendants(pid)])


def _share(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("Pss:")), 0)


def _descendants(pid: int) -> Iterator[int]:
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in listing.read_text().split()]
        except OSError:
            continue
        for child in children:
            yield child
            yield from _descendants(child)


def natgraph(data: Path, _: Path) -> Server:
    """The server of this project, as a user starts it on other people's data."""
    port = next(PORTS)
    command = [_program("natgraph"), "serve", "--data", str(data), "--port", str(port)]
    return Server("natgraph", "graph in memory, queries in processes", "/sparql", [], command, port)


def oxigraph(data: Path, folder: Path) -> Server:
    """Oxigraph's own server over its store on disk, with the merge in the default graph."""
    port, program, merged = next(PORTS), _program("oxigraph"), _merged(data, folder)
    store = ["--location", str(folder / "oxigraph")]
    return Server(
        "oxigraph",
        "`oxigraph serve-read-only`, store on disk",
        "/query",
        [[program, "load", *store, "--file", str(data)], [program, "load", *store, "--file", str(merged)]],
        [program, "serve-read-only", *store, "--bind", f"127.0.0.1:{port}"],
        port,
    )


def oxigraph_union(data: Path, folder: Path) -> Server:
    """The same, but with the union of the named graphs as default graph."""
    port, program = next(PORTS), _program("oxigraph")
    store = ["--location", str(folder / "oxigraph-union")]
    bind = ["--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    return Server(
        "oxigraph-union",
        "the same with `--union-default-graph`",
        "/query",
        [[program, "load", *store, "--file", str(data)]],
        [program, "serve-read-only", *store, *bind],
        port,
    )


def rdflib_endpoint(data: Path, _: Path) -> Server:
    """rdflib-endpoint over the engine that makes it fastest, in memory."""
    port = next(PORTS)
    for module in ("rdflib_endpoint", "oxrdflib", "uvicorn"):
        if find_spec(module) is None:
            raise Missing(f"the Python package {module} is not installed")
    command = [sys.executable, str(HERE / "rdflib_server.py"), str(data), str(port)]
    return Server("rdflib-endpoint", "over oxrdflib, graph in memory", "/", [], command, port)


SERVERS = {
    "natgraph": natgraph,
    "oxigraph": oxigraph,
    "oxigraph-union": oxigraph_union,
    "rdflib-endpoint": rdflib_endpoint,
}


def _program(name: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise Missing(f"the program {name} is not installed")
    return found


def _merged(data: Path, folder: Path) -> Path:
    """The triples of all graphs as N-Triples; our data states each once."""
    target = folder / "merged.nt"
    with data.open(encoding="utf-8") as quads, target.open("w", encoding="utf-8") as triples:
        triples.writelines(f"{quad.rsplit(' ', 2)[0]} .\n" for quad in quads)
    return target
