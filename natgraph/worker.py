"""A process that answers queries over one snapshot, apart from the server so that it can be killed.

``python -m natgraph.worker GRAPH.nq`` loads the graph, writes ``ready`` and a line feed, then answers one
request after another. A request is a line of JSON: ``query``, ``results`` and ``graph`` (the format to use
for each kind of result, or null). An answer is a line of JSON, followed by ``length`` bytes of body.
"""

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import QueryTriples, Store

from natgraph.errors import QueryError, QueryForbidden, QuerySyntax
from natgraph.formats import GRAPHS, RESULTS, by_name, write
from natgraph.queries import run
from natgraph.store import load


def serve(store: Store, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    for line in requests:
        head, body = answer(store, json.loads(line))
        answers.write(json.dumps({**head, "length": len(body)}).encode() + b"\n" + body)
        answers.flush()


def answer(store: Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The head and the body of the answer to one request."""
    try:
        results = run(store, request["query"])
        is_graph = isinstance(results, QueryTriples)
        wanted = request["graph" if is_graph else "results"]
        form = by_name(wanted, GRAPHS if is_graph else RESULTS) if wanted else None
        if form is None:
            return {"status": "not-acceptable", "kind": "graph" if is_graph else "results"}, b""
        return {"status": "ok", "media_type": form.media_type}, write(results, form)
    except QuerySyntax as error:
        return {"status": "syntax", "message": str(error), "line": error.line, "column": error.column}, b""
    except QueryForbidden as error:
        return {"status": "forbidden", "message": str(error)}, b""
    except QueryError as error:
        return {"status": "failed", "message": str(error)}, b""


def main() -> None:
    """Load the graph named on the command line and serve standard input."""
    store = load(Path(sys.argv[1]).read_bytes())
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    serve(store, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
