"""The process in which an edition is made: ``python -m natgraph.publish.process < request > answer``.

Both are JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

from natgraph.errors import NatgraphError
from natgraph.paths import Root
from natgraph.publish.edition import Source, make
from natgraph.sandbox import end_with_parent
from natgraph.writes.patch import Overlay


def main() -> None:
    """Make the edition that standard input asks for, and tell of it on standard output."""
    end_with_parent()
    json.dump(_answer(json.load(sys.stdin)), sys.stdout)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    root = Root(Path(request["root"])) if request["root"] else None
    source = Source(root, tuple(map(Path, request["files"])), request["default_graph"])
    try:
        made = make(source, Overlay.from_json(request["overlay"]), Path(request["folder"]))
    except NatgraphError as error:
        return {"refused": str(error)}
    return {
        "nquads": str(made.nquads),
        "version": made.version,
        "quads": made.quads,
        "overlay": made.overlay.to_json(),
    }


if __name__ == "__main__":
    main()
