"""A server's part in writing, for tests: ``python -m tests.writer BASE STATE N``.

It writes, from number N on, until it is killed. It says ``ready`` when it is, and the number
of each write once that is acknowledged.
"""

import asyncio
import hashlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from natgraph.build import Dataset
from natgraph.writes.assemble import assemble_with
from natgraph.writes.change import Update
from natgraph.writes.prepare import Target, WriteLimits, prepare
from natgraph.writes.state import State

E = "http://example.org/"
GRAPHS = (f"{E}g", f"{E}h")


def said(number: int) -> dict[str, set[str]]:
    """What a write says, by graph."""
    return {graph: {f'<{E}{number}> <{E}{part}> "{number}"' for part in "abc"} for graph in GRAPHS}


def update(number: int) -> Update:
    """The write of that number: three statements to each of two graphs, and to a third their count."""
    data = "".join(f"GRAPH <{g}> {{ {' . '.join(s)} }}" for g, s in said(number).items())
    count = f"GRAPH <{E}count> {{ <{E}last> <{E}is> {number} }}"
    return Update(f"DROP SILENT GRAPH <{E}count> ; INSERT DATA {{ {count} {data} }}")


def base_of(path: Path) -> Dataset:
    content = path.read_bytes()
    return Dataset(content, hashlib.sha256(content).hexdigest())


async def run(base: Path, state: State, number: int, folder: Path) -> None:
    assembled = assemble_with(base_of(base), state.overlay(), ours=False)
    state.settle(assembled.overlay)
    published = folder / "published.nq"
    published.write_bytes(assembled.dataset.nquads)
    target = Target(published, assembled.dataset.version, None)
    print("ready", flush=True)  # noqa: T201
    while True:
        prepared = await prepare(update(number), target, folder, WriteLimits())
        state.commit(prepared, "test")
        print(number, flush=True)  # noqa: T201
        target.nquads.unlink()
        target = Target(prepared.nquads, prepared.version, None)
        number += 1


if __name__ == "__main__":
    with State(Path(sys.argv[2])) as opened, TemporaryDirectory() as name:
        asyncio.run(run(Path(sys.argv[1]), opened, int(sys.argv[3]), Path(name)))
