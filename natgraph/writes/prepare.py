"""The server's side of a write: have it prepared in a process of its own, within limits."""

import asyncio
import json
import os
import secrets
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from natgraph.errors import WriteFailed, WriteOutOfMemory, WriteTimeout
from natgraph.store import DefaultGraphIs
from natgraph.writes.change import Change
from natgraph.writes.messages import Message, change_of, error_of
from natgraph.writes.patch import GraphChange


@dataclass(frozen=True)
class Target:
    """What is written to: the published N-Quads (a file), their data version, and how they are looked at.

    ``shapes`` is the folder of shapes of natgraph's own data, None for any other data, to which
    neither rules nor shapes apply. The default graph can be written only if it is not the merge.
    """

    nquads: Path
    version: str
    shapes: Path | None
    default_graph: DefaultGraphIs = "merge"


@dataclass(frozen=True)
class WriteLimits:
    """What one write may take: ``seconds`` with its checks; ``memory`` in bytes for the change itself."""

    seconds: float = 60.0
    memory: int = 1 << 30


@dataclass(frozen=True)
class Prepared:
    """A write that may become visible: ``nquads`` is the file of all of what is then published.

    ``old`` and ``version`` are the data versions before and after; they are the same, and there are no
    ``changes``, if the write changes nothing.
    """

    operation: str
    old: str
    version: str
    nquads: Path
    changes: tuple[GraphChange, ...] = field(default=())


async def prepare(change: Change, target: Target, folder: Path, limits: WriteLimits) -> Prepared:
    """Put a change through the pipeline; its N-Quads become a file in ``folder``. Nothing else happens.

    Raises QuerySyntax, QueryForbidden, WriteRefused, NoSuchGraph, NotConforming (with findings),
    WriteTimeout, WriteOutOfMemory, WriteFailed. A caller who gives up (is cancelled) ends the process.
    """
    output = folder / f"{secrets.token_hex(8)}.nq"
    request = {
        "change": change.told(),
        "published": str(target.nquads),
        "default_graph": target.default_graph,
        "shapes": str(target.shapes) if target.shapes else None,
        "memory": limits.memory,
        "output": str(output),
    }
    try:
        answer = await _ask(request, limits)
    except BaseException:
        output.unlink(missing_ok=True)
        raise
    match answer["status"]:
        case "done":
            done = tuple(change_of(message) for message in answer["changes"])
            return Prepared(change.operation, target.version, answer["version"], output, done)
        case "same":
            return Prepared(change.operation, target.version, target.version, target.nquads)
        case "memory":
            raise WriteOutOfMemory(limits.memory)
        case _:
            raise error_of(answer)


async def _ask(request: Message, limits: WriteLimits) -> Message:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "natgraph.writes.process", stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    try:
        async with asyncio.timeout(limits.seconds):
            said, _ = await process.communicate(json.dumps(request).encode())
    except TimeoutError:
        raise WriteTimeout(limits.seconds) from None
    finally:
        await _end(process)
    if process.returncode == 0:
        answer: Message = json.loads(said)
        return answer
    if process.returncode == -signal.SIGABRT:
        raise WriteOutOfMemory(limits.memory)
    raise WriteFailed("The process that prepares the write broke off; its message is in the log.")


async def _end(process: Process) -> None:
    """Kill the process, and those it has started, if it has not ended by itself."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
