"""Measure natgraph beside other SPARQL servers on the same graph and machine.

``python benchmarks/run.py --quads 100000 --quads 1000000`` measures and writes ``results.json``;
``python benchmarks/report.py results.json`` turns that into the tables and the plot of docs/benchmarks.md.

Answers are compared before anything is timed. All servers run at the same time and take turns.
"""

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from client import Query, suite
from generate import write
from inprocess import InProcess
from load import hostile_queries, siege, throughput, tool
from measures import compare, latencies, streaming
from servers import HERE, SERVERS, Missing, Server

LIGHT, MANY = "01-lookup", "11-rows"
USUAL = ["natgraph", "oxigraph", "rdflib-endpoint"]


def main() -> None:
    """Measure at each size that is asked for and write what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quads", type=int, action="append", help="a size, repeatable (100000 and 1000000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", action="append", choices=list(SERVERS), help="repeatable")
    parser.add_argument("--output", type=Path, default=Path("results.json"))
    options = parser.parse_args()
    found: dict[str, Any] = {"machine": _machine(), "sizes": {}}
    for quads in options.quads or [100_000, 1_000_000]:
        found["sizes"][str(quads)] = measure(quads, options.seed, options.server or USUAL)
        options.output.write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(f"written: {options.output}")


def measure(quads: int, seed: int, names: list[str]) -> dict[str, Any]:
    """All that is measured at one size."""
    with tempfile.TemporaryDirectory(prefix="natgraph-bench-") as name:
        folder = Path(name)
        data = folder / "graph.nq"
        with data.open("w", encoding="utf-8") as out:
            print(f"{write(out, quads, seed)} quads")
        with _running(names, data, folder) as servers, _engine(data) as engine:
            return _all(servers, engine)


def _all(servers: list[Server], engine: InProcess) -> dict[str, Any]:
    queries = suite(HERE / "queries")
    by_name = {query.name: query for query in queries}
    found: dict[str, Any] = {"servers": {s.name: _started(s) for s in servers}, "load": [os.getloadavg()[0]]}
    _step("answers", found["servers"])
    found["answers"] = compare(servers, queries)
    _step("queries", _disagreements(found["answers"]) or "all answers agree")
    found["latency"] = latencies(servers, queries, engine, found["answers"])
    found["load"].append(os.getloadavg()[0])
    _step("requests per second", found["latency"])
    found["throughput"] = {"tool": tool(), **throughput(servers, by_name[LIGHT])}
    _step("many rows", found["throughput"])
    found["streaming"] = streaming(servers, by_name[MANY], engine)
    for server in servers:
        found["servers"][server.name]["memory"] = server.memory()
    _step("hostile queries", found["streaming"])
    found["load"].append(os.getloadavg()[0])
    found["siege"] = _sieges(servers, by_name[LIGHT])
    _step("done", found["siege"])
    return found


def _sieges(servers: list[Server], lookup: Query) -> dict[str, Any]:
    """One server after the other; each is ended afterwards, since not all of them let go of such queries."""
    found = {}
    for server in servers:
        found[server.name] = siege(server, lookup, hostile_queries())
        found[server.name]["memory"] = server.memory()
        server.stop()
    return found


def _started(server: Server) -> dict[str, Any]:
    return {
        "about": server.about,
        "load_seconds": server.load_seconds,
        "load_peak": server.load_bytes,
        "ready": server.memory(),
    }


def _disagreements(answers: dict[str, dict[str, Any]]) -> list[str]:
    return [
        f"{query}: {name} {'differs' if one else 'did not answer'}"
        for query, given in answers.items()
        for name, one in given.items()
        if not (one and one["agrees"])
    ]


@contextmanager
def _running(names: list[str], data: Path, folder: Path) -> Iterator[list[Server]]:
    """The servers that can be started; each is ended in the end."""
    servers: list[Server] = []
    try:
        for name in names:
            try:
                server = SERVERS[name](data, folder)
                server.log = Path(tempfile.gettempdir()) / f"natgraph-bench-{name}.log"
                servers.append(server)
                server.start()
            except Missing as missing:
                print(f"left out: {missing}")
                servers = [one for one in servers if one.name != name]
        yield servers
    finally:
        for server in servers:
            server.stop()


@contextmanager
def _engine(data: Path) -> Iterator[InProcess]:
    engine = InProcess(data)
    try:
        yield engine
    finally:
        engine.stop()


def _machine() -> dict[str, Any]:
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def _step(what: str, found: object) -> None:
    print(json.dumps(found), f"[{what}]", flush=True)


if __name__ == "__main__":
    main()
