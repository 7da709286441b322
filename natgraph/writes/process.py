"""The process in which a write is prepared: ``python -m natgraph.writes.process < request > answer``.

Both are JSON. It cannot reach the network where the host lets it give that up, and ends with the one that
started it. The new N-Quads go into a file that the request names.
"""

import json
import sys
from pathlib import Path

from natgraph.errors import NatgraphError
from natgraph.sandbox import end_with_parent, leave_network
from natgraph.writes.change import retold
from natgraph.writes.messages import Message, told_change, told_error
from natgraph.writes.pipeline import outcome


def main() -> None:
    """Answer the one request on standard input."""
    leave_network()
    end_with_parent()
    json.dump(_answer(json.load(sys.stdin)), sys.stdout)


def _answer(request: Message) -> Message:
    shapes = request["shapes"]
    try:
        made = outcome(
            retold(request["change"]),
            Path(request["published"]).read_bytes(),
            request["default_graph"],
            Path(shapes) if shapes else None,
            request["memory"],
        )
    except MemoryError:
        return {"status": "memory"}
    except NatgraphError as error:
        return told_error(error)
    if made is None:
        return {"status": "same"}
    Path(request["output"]).write_bytes(made.nquads)
    return {"status": "done", "version": made.version, "changes": [told_change(c) for c in made.changes]}


if __name__ == "__main__":
    main()
