"""Warm worker processes: a query has one to itself, killed at the time limit or when nobody waits."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any

from natgraph.errors import QueryFailed, QueryForbidden, QuerySyntax, QueryTimeout


class NotAcceptable(Exception):
    """The result is of a kind (``results`` or ``graph``) for which the client accepts no format."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


class Pool:
    """Workers over one snapshot file; ``start`` before use, ``stop`` after."""

    def __init__(self, graph: Path, workers: int, seconds: float) -> None:
        self.graph = graph
        self.workers = workers
        self.seconds = seconds
        self._idle: asyncio.Queue[Process] = asyncio.Queue()
        self._all: set[Process] = set()
        self._renewals: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the workers and wait until each has loaded the graph."""
        for process in await asyncio.gather(*(self._spawn() for _ in range(self.workers))):
            self._idle.put_nowait(process)

    async def stop(self) -> None:
        """End all workers and what would replace them."""
        for task in tuple(self._renewals):
            task.cancel()
        for process in tuple(self._all):
            await self._end(process)

    async def ask(self, query: str, results: str | None, graph: str | None) -> tuple[str, bytes]:
        """Media type and body of a query's answer.

        Raises NotAcceptable, QuerySyntax, QueryForbidden, QueryFailed, and QueryTimeout after the limit.
        """
        process = await self._living()
        healthy = False
        try:
            async with asyncio.timeout(self.seconds):
                head, body = await _exchange(process, {"query": query, "results": results, "graph": graph})
            healthy = True
        except TimeoutError:
            raise QueryTimeout(self.seconds) from None
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            raise QueryFailed("The engine gave up on this query; it needs too much.") from None
        finally:
            if healthy:
                self._idle.put_nowait(process)
            else:
                self._replace(process)
        return _read(head, body)

    async def _living(self) -> Process:
        """An idle worker that has not died while it waited; dead ones are replaced."""
        while (process := await self._idle.get()).returncode is not None:
            self._replace(process)
        return process

    def _replace(self, process: Process) -> None:
        """Let a new worker take the place of one that is stuck or dead; nobody has to wait for it."""
        task = asyncio.create_task(self._renew(process))
        self._renewals.add(task)
        task.add_done_callback(self._renewals.discard)

    async def _renew(self, process: Process) -> None:
        await self._end(process)
        while True:
            try:
                self._idle.put_nowait(await self._spawn())
            except QueryFailed:
                await asyncio.sleep(1)
            else:
                return

    async def _spawn(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "natgraph.worker", str(self.graph), stdin=PIPE, stdout=PIPE
        )
        self._all.add(process)
        if process.stdout is None or await process.stdout.readline() != b"ready\n":
            await self._end(process)
            raise QueryFailed("A worker did not start; its own message is in the log.")
        return process

    async def _end(self, process: Process) -> None:
        self._all.discard(process)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _exchange(process: Process, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    assert process.stdin is not None  # noqa: S101 - both pipes were asked for
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(json.dumps(request).encode() + b"\n")
    await process.stdin.drain()
    head: dict[str, Any] = json.loads(await process.stdout.readuntil(b"\n"))
    return head, await process.stdout.readexactly(head["length"])


def _read(head: dict[str, Any], body: bytes) -> tuple[str, bytes]:
    match head["status"]:
        case "ok":
            return head["media_type"], body
        case "not-acceptable":
            raise NotAcceptable(head["kind"])
        case "syntax":
            raise QuerySyntax(head["message"], head["line"], head["column"])
        case "forbidden":
            raise QueryForbidden(head["message"])
        case _:
            raise QueryFailed(head["message"])
