"""Measure label search beside SPARQL's CONTAINS on the same server and graph.

``python benchmarks/search.py --quads 100000 --quads 1000000`` prints the tables of docs/benchmarks.md.

Answers are compared before anything is timed: a search finds the things that CONTAINS finds or, if it stops
at its bound, only such things.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import client
import servers
from generate import NG, write
from measures import Times
from pyoxigraph import Literal

from natgraph.search import Index

ROUNDS, MOST, SECONDS = 60, 100, 3.0
LABELS = "<http://www.w3.org/2004/02/skos/core#prefLabel>|<http://purl.org/dc/terms/identifier>"


@dataclass(frozen=True)
class Search:
    """What is looked for, and why that."""

    about: str
    text: str
    type: str | None = None
    compared: bool = True

    def parameters(self, limit: int = 20, offset: int = 0) -> str:
        """The query part of the address."""
        given = {"q": self.text, "type": self.type, "limit": limit, "offset": offset}
        return urlencode({name: value for name, value in given.items() if value is not None})

    def sparql(self, limit: int | None = None) -> str:
        """Things of which each word stands in some label, in no order."""
        lines = [f"?thing a <{NG}Project> ."] if self.type else []
        for number, word in enumerate(self.text.split()):
            lines.append(
                f"?thing {LABELS} ?l{number} . FILTER(CONTAINS(LCASE(STR(?l{number})), {Literal(word)}))"
            )
        end = f" LIMIT {limit}" if limit else ""
        return f"SELECT DISTINCT ?thing WHERE {{ {' '.join(lines)} }}{end}"


SEARCHES = (
    Search("start of a word, many", "återbruk"),
    Search("the same, one type", "återbruk", "project"),
    Search("inside compounds", "delning"),
    Search("three letters, everywhere", "för"),
    Search("two letters", "ör"),
    Search("one letter", "a"),
    Search("a number, few", "5371"),
    Search("two words", "hållbar upphandling"),
    Search("three words, few", "krav geodata 17"),
    Search("words in two languages", "centrum mobility"),
    Search("words never together", "måltider mobilitet"),
    Search("without å, ä and ö", "sjalvkorande", compared=False),
    Search("nothing", "zzzz"),
)


class Http:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(client.HOST, port, timeout=120)

    def find(self, search: Search, limit: int = 20, offset: int = 0) -> dict[str, Any]:
        """A page of the answer."""
        return self.get(f"/api/v1/search?{search.parameters(limit, offset)}")

    def get(self, address: str) -> dict[str, Any]:
        """The JSON at an address; raises OSError if it is not there."""
        self._connection.request("GET", address)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != client.OK:
            raise OSError(f"{response.status}: {body.decode()}")
        found: dict[str, Any] = json.loads(body)
        return found


def main() -> None:
    """Measure at each size that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quads", type=int, action="append", help="a size, repeatable (100000 and 1000000)")
    for quads in parser.parse_args().quads or [100_000, 1_000_000]:
        with tempfile.TemporaryDirectory(prefix="natgraph-bench-") as folder:
            measure(quads, Path(folder))


def measure(quads: int, folder: Path) -> None:
    """All that is measured at one size."""
    graph, labels = folder / "graph.nq", folder / "graph.labels"
    with graph.open("w", encoding="utf-8") as out:
        written = write(out, quads, 1)
    seconds, peak = make(graph, labels)
    print(f"\n### {written:,} quads\n")
    print(
        f"Load of the machine: {os.getloadavg()[0]:.1f}. The index alone: made in {seconds:.1f} s, at most ",
        end="",
    )
    print(f"{peak / 1e6:.0f} MB of memory, {labels.stat().st_size / 1e6:.1f} MB on disk.\n")
    index = Index(labels)
    with serving(graph, folder) as port:
        found = [compare(search, port) for search in SEARCHES]
        print(
            "| p50 / p95 in ms | search | found | processor | library | HTTP | CONTAINS | CONTAINS, any 20 |"
        )
        print("| --- | --- | --: | --: | --: | --: | --: | --: |")
        for search, total in zip(SEARCHES, found, strict=True):
            print(
                f"| {search.about} | `{search.text}` | {total} | {' | '.join(times(search, index, port))} |"
            )
    index.close()


def make(graph: Path, labels: Path) -> tuple[float, int]:
    """Seconds and peak bytes of memory that making the index takes."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "natgraph.search", str(graph), str(labels)])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("the index could not be made")
    return time.perf_counter() - begun, usage.ru_maxrss << 10


@contextmanager
def serving(graph: Path, folder: Path) -> Iterator[int]:
    """The port of a server over the graph, once its index is there."""
    server = servers.natgraph(graph, folder)
    server.log = folder / "log"
    try:
        server.start()
        while True:
            try:
                Http(server.port).get("/api/v1/search?q=a")
                break
            except OSError:
                time.sleep(0.2)
        yield server.port
    finally:
        server.stop()


def compare(search: Search, port: int) -> str:
    """How many things are found; ends the run if CONTAINS finds others."""
    web = Http(port)
    page = web.find(search, MOST)
    found = page["hits"]
    while len(page["hits"]) == MOST:
        page = web.find(search, MOST, len(found))
        found += page["hits"]
    things, total = {hit["iri"] for hit in found}, page["total"]
    if len(things) != len(found) or len(things) != total:
        raise SystemExit(f"{search.text}: {total} announced, {len(found)} given")
    if search.compared:
        others = contains(search, port)
        if not things <= others or (page["totalIsExact"] and things != others):
            raise SystemExit(f"{search.text}: {len(things)} found, CONTAINS finds {len(others)}")
    return f"{total}" if page["totalIsExact"] else f"≥ {total}"


def contains(search: Search, port: int, limit: int | None = None) -> set[str]:
    """What SPARQL finds."""
    reply = client.Client(client.Address(port, "/sparql")).ask(
        client.fresh(search.sparql(limit)), client.ROWS
    )
    return {row["thing"]["value"] for row in json.loads(reply.body)["results"]["bindings"]}


def times(search: Search, index: Index, port: int) -> list[str]:
    """Processor time in the library; then the times there, of the search over HTTP, and of SPARQL."""
    web, sparql = Http(port), client.Client(client.Address(port, "/sparql"))

    def find() -> object:
        return index.find(search.text, search.type, "sv")

    ways: list[Callable[[], object]] = [find, lambda: web.find(search)]
    if search.compared:
        ways += [
            lambda: sparql.ask(client.fresh(search.sparql()), client.ROWS),
            lambda: sparql.ask(client.fresh(search.sparql(20)), client.ROWS),
        ]
    return [timed(find, time.thread_time), *map(timed, ways)] + ["–"] * (4 - len(ways))


def timed(way: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> str:
    """Median and 95th percentile of up to ROUNDS runs within some seconds."""
    measured, end = Times(), time.perf_counter() + SECONDS
    while len(measured.runs) < ROUNDS and (time.perf_counter() < end or not measured.runs):
        begun = clock()
        way()
        measured.runs.append(clock() - begun)
    numbers = measured.numbers()
    return f"{numbers['median']:,.1f} / {numbers['p95']:,.1f}"


if __name__ == "__main__":
    main()
