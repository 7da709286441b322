"""The engine without any server, as a process to compare with: ``python benchmarks/inprocess.py FILE``.

It reads queries as lines of JSON (``query``, ``graph``: whether the result is one) and answers each with a
line: the seconds that evaluating it and writing all of the answer into memory took, and its bytes.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store, serialize


def load(file: str) -> Store:
    """A store in memory with a file's graphs and their merge as default graph."""
    store = Store()
    store.bulk_load(path=file, format=RdfFormat.N_QUADS)
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store


class InProcess:
    """The process, seen from the one that measures."""

    def __init__(self, file: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def seconds(self, query: str, *, graph: bool) -> float:
        """How long a query takes there."""
        assert self._process.stdin and self._process.stdout  # noqa: PT018 - both are pipes
        self._process.stdin.write(json.dumps({"query": query, "graph": graph}).encode() + b"\n")
        self._process.stdin.flush()
        return float(json.loads(self._process.stdout.readline())["seconds"])

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def _timed(store: Store, request: dict[str, Any]) -> dict[str, float]:
    begun = time.perf_counter()
    results = store.query(request["query"])
    if isinstance(results, QueryTriples):
        body = serialize(results, format=RdfFormat.N_TRIPLES)
    else:
        body = results.serialize(format=QueryResultsFormat.JSON)
    return {"seconds": time.perf_counter() - begun, "bytes": len(body or b"")}


if __name__ == "__main__":
    loaded = load(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(_timed(loaded, json.loads(line))), flush=True)
