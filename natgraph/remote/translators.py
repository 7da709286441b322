"""The server's side of translators: starting, asking, feeding, killing, and keeping some at hand."""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress

from natgraph.engine.limits import Limits
from natgraph.errors import (
    Busy,
    QueryError,
    QueryFailed,
    QueryForbidden,
    QueryOutOfMemory,
    QuerySyntax,
    UpstreamFailed,
)
from natgraph.remote.asked import Asked, Form
from natgraph.remote.frames import DATA, END, HEAD, Message, frame, message

_PIECE = 1 << 16
_SOON = 0.02
"""Seconds for which little pieces of a body are gathered."""


class Translator:
    """A process that does one thing at a time. ``idle``: the last thing came to its end."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        out: asyncio.StreamReader,
        pipe: asyncio.BaseTransport,
        memory: int,
    ) -> None:
        assert process.stdin is not None  # noqa: S101 - it is started with a pipe
        self.idle = True
        self._process = process
        self._memory = memory
        self._in = process.stdin
        self._out = out
        self._pipe = pipe
        self._gathered = bytearray()
        self._flushing: asyncio.TimerHandle | None = None

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.returncode is None

    async def look_at(self, query: str) -> Asked:
        """What a query is; raises why it is not sent to a store."""
        self.idle = False
        await self._send(message({"query": query}))
        got: Message = json.loads((await self._frame())[1])
        self.idle = True
        if "refused" in got:
            raise self._refusal(got)
        return Asked(**got["asked"])

    async def begin(self, form: Form, media_type: str, into: str) -> None:
        """Say what the body that follows is and becomes."""
        self.idle = False
        await self._send(message({"form": form, "from": media_type, "to": into}))

    async def feed(self, data: bytes) -> None:
        """Give some of the body, soon if it is little; waits while the process has enough to do."""
        self._gathered += data
        if len(self._gathered) >= _PIECE:
            await self._send(self._take())
        elif self._flushing is None:
            self._flushing = asyncio.get_running_loop().call_later(_SOON, self._flush)

    async def end(self) -> None:
        """Say that the body is whole."""
        await self._send(self._take() + frame(END))

    async def part(self) -> bytes:
        """The next bytes of the translation, empty at its end.

        Raises UpstreamFailed if the body is broken, QueryOutOfMemory, Busy.
        """
        kind, content = await self._frame()
        if kind == DATA:
            return content
        got = json.loads(content)
        if got["done"]:
            self.idle = True
            return b""
        raise self._refusal(got) if "refused" in got else UpstreamFailed(got["why"])

    async def kill(self) -> None:
        """End the process, whatever it is doing."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._take()
        self._in.transport.abort()
        self._pipe.close()
        await self._process.wait()

    def _take(self) -> bytes:
        """What was gathered, as a frame."""
        if self._flushing:
            self._flushing.cancel()
            self._flushing = None
        gathered = frame(DATA, bytes(self._gathered)) if self._gathered else b""
        self._gathered.clear()
        return gathered

    def _flush(self) -> None:
        self._in.write(self._take())

    async def _send(self, data: bytes) -> None:
        with suppress(ConnectionError):  # it has ended, and whoever reads from it is told
            self._in.write(data)
            await self._in.drain()

    async def _frame(self) -> tuple[bytes, bytes]:
        try:
            kind, size = HEAD.unpack(await self._out.readexactly(HEAD.size))
            return kind, await self._out.readexactly(size)
        except asyncio.IncompleteReadError:
            raise self._ended(await self._process.wait()) from None

    def _refusal(self, got: Message) -> QueryError:
        match got["refused"]:
            case "syntax":
                return QuerySyntax(got["why"], got["line"], got["column"])
            case "forbidden":
                return QueryForbidden(got["why"])
            case "memory":
                return QueryOutOfMemory(self._memory)
            case _:
                return QueryFailed(got["why"])

    def _ended(self, code: int) -> QueryError:
        if code == -signal.SIGABRT:
            return QueryOutOfMemory(self._memory)
        return Busy("The process that read this answer was ended.", 1)


class Translators:
    """Up to ``most`` translators at hand; new ones are started as they are needed."""

    def __init__(self, limits: Limits, most: int) -> None:
        self._limits = limits
        self._most = most
        self._idle: list[Translator] = []
        self._ending: set[asyncio.Task[None]] = set()
        self.killed = 0

    async def start(self) -> None:
        """Have some at hand."""
        self._idle = list(await asyncio.gather(*(self._new() for _ in range(self._limits.workers))))

    async def stop(self) -> None:
        """End those at hand, and wait for those that end."""
        for translator in self._idle:
            self._end(translator)
        self._idle = []
        await asyncio.gather(*self._ending)

    async def take(self) -> Translator:
        """One for a query."""
        while self._idle:
            translator = self._idle.pop()
            if translator.alive:
                return translator
        return await self._new()

    def give_back(self, translator: Translator) -> None:
        """Keep one for other queries, if it has done what it was to do; end it otherwise."""
        if translator.idle and translator.alive and len(self._idle) < self._most:
            self._idle.append(translator)
            return
        self.killed += not translator.idle
        self._end(translator)

    def _end(self, translator: Translator) -> None:
        ending = asyncio.ensure_future(translator.kill())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _new(self) -> Translator:
        """One that has started."""
        translator = await _start(self._limits.memory)
        try:
            await translator.look_at("ASK {}")
        except BaseException:
            self._end(translator)
            raise
        return translator


async def _start(memory: int) -> Translator:
    """A new process; what it writes comes by a pipe of ours, which can be closed with bytes unread."""
    read, write = os.pipe()
    out = asyncio.StreamReader(_PIECE * 4)
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(out), os.fdopen(read, "rb", 0)
    )
    command = [sys.executable, "-m", "natgraph.remote.translator", str(memory)]
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE, stdout=write)
    except BaseException:
        pipe.close()
        raise
    finally:
        os.close(write)
    return Translator(process, out, pipe, memory)
