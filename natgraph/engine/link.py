"""The server's side of zygote and workers: starting, asking, killing."""

import asyncio
import fcntl
import json
import os
import signal
import socket
import struct
import sys
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from natgraph.engine.worker import LENGTH
from natgraph.errors import QueryFailed
from natgraph.store import Snapshot

_PIPE_SIZE = 1 << 20
_MESSAGE = 4096
Message = dict[str, Any]


class Gone(Exception):
    """The worker has ended; ``signal`` is what ended it (0: none)."""

    def __init__(self, ended_by: int) -> None:
        self.signal = ended_by
        super().__init__(ended_by)


class _Pipe(asyncio.Protocol):
    """Bytes from the results pipe; when nobody takes them, the worker has to wait."""

    def __init__(self, descriptor: int, news: asyncio.Event) -> None:
        self._descriptor = descriptor
        self._news = news
        self._data = bytearray()
        self._transport: asyncio.ReadTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.ReadTransport, transport)  # as connect_read_pipe promises

    def data_received(self, data: bytes) -> None:
        self._data += data
        if len(self._data) >= _PIPE_SIZE:
            self._transport.pause_reading()
        self._news.set()

    def take(self) -> bytes:
        """What has come, which may be nothing."""
        data = bytes(self._data)
        self._data.clear()
        self._transport.resume_reading()
        return data

    def drain(self) -> bytes:
        """What still stands in the pipe of a worker that has written all it will."""
        left: int = struct.unpack("i", fcntl.ioctl(self._descriptor, termios.FIONREAD, b"\0\0\0\0"))[0]
        return os.read(self._descriptor, left) if left else b""

    def close(self) -> None:
        self._transport.close()


class Worker:
    """A forked process that answers one request at a time."""

    def __init__(self, pid: int, exit_: asyncio.Future[int], when_closed: Callable[["Worker"], None]) -> None:
        self.pid = pid
        self._exit = exit_
        self._when_closed = when_closed
        self._news = asyncio.Event()
        self._end: asyncio.Future[Message] | None = None
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._pipe: _Pipe

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return not self._exit.done()

    async def connect(self, link: socket.socket, pipe: int) -> None:
        """Take over this side's ends of the link and of the results pipe."""
        self._reader, self._writer = await asyncio.open_unix_connection(sock=link)
        self._pipe = _Pipe(pipe, self._news)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: self._pipe, os.fdopen(pipe, "rb", 0))

    async def ask(self, request: Message) -> Message:
        """The head of the answer to a request; raises Gone if the worker ends meanwhile."""
        body = json.dumps(request).encode()
        self._writer.write(LENGTH.pack(len(body)) + body)
        head = await self._message()
        if head["status"] == "ok":
            self._end = asyncio.ensure_future(self._message())
            self._end.add_done_callback(lambda _: self._news.set())
        return head

    async def part(self) -> bytes:
        """The next bytes of the answer, empty at its end.

        Raises Gone if the worker ends first and QueryFailed if evaluation breaks.
        """
        while True:
            self._news.clear()
            if data := self._pipe.take():
                return data
            if self._end is None or self._end.done():
                return self._finish()
            await self._news.wait()

    def cpu(self) -> float:
        """Seconds of processor time the process has used, to the microsecond (clock_getcpuclockid)."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0

    def kill(self) -> None:
        """End the process now."""
        if self.alive:  # else its number may be another process's by now
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """Let go of link and pipe; an idle worker ends by that."""
        self._writer.close()
        self._pipe.close()
        if self._end is not None:
            self._end.cancel()
        self._when_closed(self)

    def yield_to_others(self) -> None:
        """Give the process the lowest priority."""
        with suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 19)

    def _finish(self) -> bytes:
        if self._end is None:
            return b""
        if self._end.cancelled():
            raise Gone(signal.SIGKILL)
        end = self._end.result()
        if left := self._pipe.drain():
            return left
        self._end = None
        if not end["done"]:
            raise QueryFailed(end["message"])
        return b""

    async def _message(self) -> Message:
        try:
            size = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))[0]
            message: Message = json.loads(await self._reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Gone(await self._exit) from None
        return message


class Zygote:
    """Starts the process that holds the graph, and has it fork workers."""

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
        """A new worker; if the zygote has died, a new one of that first."""
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
        pipe, pipe_there = os.pipe2(os.O_CLOEXEC)
        fcntl.fcntl(pipe_there, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        try:
            socket.send_fds(self._control, [b"fork"], [link_there.fileno(), pipe_there])
        except OSError:
            raise Gone(signal.SIGKILL) from None
        finally:
            link_there.close()
            os.close(pipe_there)
        born = asyncio.ensure_future(self._born.get())
        await asyncio.wait((born, self._listening), return_when=asyncio.FIRST_COMPLETED)
        if not born.done():
            born.cancel()
            raise Gone(signal.SIGKILL)
        link.setblocking(False)
        worker = Worker(born.result(), self._exits[born.result()], self._workers.discard)
        await worker.connect(link, pipe)
        self._workers.add(worker)
        return worker

    async def _listen(self) -> None:
        """Note births and deaths until the zygote ends; then all its workers have ended too."""
        loop = asyncio.get_running_loop()
        while data := await self._receive(loop):
            message = json.loads(data)
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
