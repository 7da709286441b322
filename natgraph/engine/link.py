"""The server's side of a worker: asking, hearing its answer, killing."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, cast

from natgraph.engine.worker import DATA, FRAME, HEAD, REQUEST, frame

Message = dict[str, Any]


class Gone(Exception):
    """The worker, or the process that forks workers, has ended."""


class Listener(Protocol):
    """Who hears a worker's answer, piece by piece."""

    def head(self, message: Message) -> None:
        """How the answer begins, or why there is none."""

    def data(self, part: bytes) -> None:
        """Some of the answer."""

    def end(self, message: Message) -> None:
        """The answer is over."""

    def gone(self, ended_by: int) -> None:
        """The worker has ended; by which signal (0: none)."""


class Worker(asyncio.Protocol):
    """A forked process that answers one request at a time."""

    def __init__(self, pid: int, exit_: asyncio.Future[int], when_closed: Callable[["Worker"], None]) -> None:
        self.pid = pid
        self.lowered = False
        self.tired = False
        self._exit = exit_
        self._when_closed = when_closed
        self._listener: Listener | None = None
        self._unread = bytearray()
        self._transport: asyncio.Transport
        self._born_with = self._size()

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return not self._exit.done()

    def rested(self, most: int) -> bool:
        """Whether it is as good as new: its address space has grown by less than ``most`` bytes."""
        if self.tired:
            self.tired = self._size() - self._born_with >= most
        return not self.tired

    def ask(self, request: bytes, listener: Listener) -> None:
        """Send a request; the listener hears the answer."""
        self._listener = listener
        if not self._transport.is_closing():  # else the process has ended, and the listener is told how
            self._transport.write(frame(REQUEST, request))

    def pause(self) -> None:
        """Hear no more for now; the worker has to wait."""
        self._transport.pause_reading()

    def resume(self) -> None:
        """Hear on."""
        self._transport.resume_reading()

    def release(self) -> None:
        """Let go of the listener, whose answer is over."""
        self._listener = None
        self._transport.resume_reading()

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
        """Let go of the link; an idle worker ends by that."""
        self._listener = None
        self._transport.close()
        self._when_closed(self)

    def yield_to_others(self) -> None:
        """Give the process the lowest priority, for good: only root could raise it again."""
        if not self.lowered:
            self.lowered = True
            with suppress(ProcessLookupError, PermissionError):
                os.setpriority(os.PRIO_PROCESS, self.pid, 19)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The link stands (asyncio.Protocol)."""
        self._transport = cast(asyncio.Transport, transport)  # as create_unix_connection promises

    def data_received(self, data: bytes) -> None:
        """Tell the listener of every whole frame (asyncio.Protocol)."""
        self._unread += data
        at = 0
        while len(self._unread) >= at + FRAME.size:
            size, kind = FRAME.unpack_from(self._unread, at)
            if len(self._unread) < at + FRAME.size + size:
                break
            at += FRAME.size + size
            self._tell(kind, bytes(memoryview(self._unread)[at - size : at]))
        del self._unread[:at]

    def connection_lost(self, _: Exception | None) -> None:
        """Tell the listener, as soon as it is known how the process ended (asyncio.Protocol)."""
        self._exit.add_done_callback(self._tell_end)

    def _tell_end(self, exit_: asyncio.Future[int]) -> None:
        if self._listener and not exit_.cancelled():
            self._listener.gone(exit_.result())

    def _tell(self, kind: int, content: bytes) -> None:
        if self._listener is None:
            return
        if kind == DATA:
            self._listener.data(content)
        elif kind == HEAD:
            self._listener.head(json.loads(content))
        else:
            self._listener.end(json.loads(content))

    def _size(self) -> int:
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return 0
