"""The server's side of the process that holds the graph: starting it, having workers forked, ending it."""

import asyncio
import json
import signal
import socket
import sys
from typing import Any

from natgraph.engine.link import Gone, Worker
from natgraph.errors import QueryFailed
from natgraph.store import Snapshot

_MESSAGE = 4096
_BUFFER = 1 << 20


class Nursery:
    """Starts the zygote (see ``natgraph.engine.zygote``), and has it fork workers."""

    def __init__(self, snapshot: Snapshot, memory: int) -> None:
        self._snapshot = snapshot
        self._memory = memory
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._exits: dict[int, asyncio.Future[int]] = {}
        self._workers: set[Worker] = set()
        self.killed = 0
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process
        self._control: socket.socket
        self._listening: asyncio.Future[None]

    async def start(self) -> None:
        """Start it and wait until it has loaded the graph; raises QueryFailed if it cannot."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        snapshot = self._snapshot
        arguments = [str(theirs.fileno()), str(snapshot.source), snapshot.default_graph, str(self._memory)]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "natgraph.engine.zygote", *arguments, pass_fds=(theirs.fileno(),)
        )
        theirs.close()
        ours.setblocking(False)
        self._control = ours
        if not await asyncio.get_running_loop().sock_recv(ours, _MESSAGE):
            raise QueryFailed("The process that holds the graph did not start; its message is in the log.")
        self._listening = asyncio.ensure_future(self._listen())

    async def fork(self) -> Worker:
        """A new worker; if the zygote has died, a new one of that first. Raises Gone if it dies now."""
        async with self._lock:
            if self._listening.done():
                self._control.close()
                await self.start()
            return await self._fork()

    async def stop(self) -> None:
        """End the zygote; its workers end with it."""
        for worker in tuple(self._workers):
            worker.close()
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        self._control.close()
        await self._process.wait()

    async def _fork(self) -> Worker:
        link, link_there = socket.socketpair()
        for end in (link, link_there):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        try:
            socket.send_fds(self._control, [b"fork"], [link_there.fileno()])
        except OSError:
            link.close()
            raise Gone from None
        finally:
            link_there.close()
        pid = await self._next_born()
        if pid is None:
            link.close()
            raise Gone
        worker = Worker(pid, self._exits[pid], self._workers.discard)
        link.setblocking(False)
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=link)
        self._workers.add(worker)
        return worker

    async def _next_born(self) -> int | None:
        """The number of the next worker, None if the zygote ends first."""
        born = asyncio.ensure_future(self._born.get())
        await asyncio.wait((born, self._listening), return_when=asyncio.FIRST_COMPLETED)
        if not born.done():
            born.cancel()
            return None
        return born.result()

    async def _listen(self) -> None:
        """Note births and deaths until the zygote ends; then all its workers have ended too."""
        loop = asyncio.get_running_loop()
        while data := await self._receive(loop):
            message: dict[str, Any] = json.loads(data)
            if "pid" in message:
                self._exits[message["pid"]] = loop.create_future()
                self._born.put_nowait(message["pid"])
            else:
                self.killed += message["signal"] != 0
                self._exits.pop(message["exit"]).set_result(message["signal"])
        for exit_ in self._exits.values():
            exit_.set_result(signal.SIGKILL)
        self._exits.clear()

    async def _receive(self, loop: asyncio.AbstractEventLoop) -> bytes:
        try:
            return await loop.sock_recv(self._control, _MESSAGE)
        except ConnectionError:
            return b""
