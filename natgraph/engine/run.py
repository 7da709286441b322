"""One query on one worker: its clock, what it has given so far, and how it ends."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from dataclasses import asdict
from time import monotonic
from typing import Any

from natgraph.engine.answer import Answer, Stream
from natgraph.engine.cut import Cutter
from natgraph.engine.limits import Limits
from natgraph.engine.link import Gone, Worker
from natgraph.engine.request import Request
from natgraph.errors import (
    Busy,
    QueryError,
    QueryFailed,
    QueryForbidden,
    QueryOutOfMemory,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
)

_PATIENCE = 50
"""How many times the slice of processor time a query may take by the clock before it counts as heavy."""


class NotAcceptable(QueryError):
    """The result is of a kind (``results`` or ``graph``) for which the client takes no format."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


class Cut(QueryError):
    """A stream that had to be broken off after its start, in a format that cannot say so."""


class Run:
    """One query. ``begin`` it on a worker, then take a whole answer or a stream."""

    def __init__(self, request: Request, limits: Limits, seconds: float) -> None:
        self._request = request
        self._limits = limits
        self._seconds = seconds
        self._reset()

    def _reset(self) -> None:
        self._worker: Worker | None = None
        self._head: dict[str, Any] | None = None
        self._held = bytearray()
        self._complete = False
        self._used = 0.0
        self._over: Callable[[], None] | None = None
        self._collecting: asyncio.Task[None] | None = None

    def begin(self, worker: Worker) -> None:
        """Start, or start again, on a worker."""
        self._reset()
        self._worker = worker
        self._collecting = asyncio.create_task(self._collect(worker))
        self._collecting.add_done_callback(_look_at)

    async def within(self, seconds: float) -> bool:
        """Whether the whole answer came within some seconds of processor time; what came is kept.

        Processor time, not wall clock: on a busy machine a light query is still a light one. Raises what the
        query's refusal or failure is.
        """
        assert self._worker is not None  # noqa: S101 - it has begun
        start = self._worker.cpu()
        for _ in range(_PATIENCE):
            if await self._wait(seconds) or self._worker.cpu() - start >= seconds:
                break
        return self._complete

    def whole(self) -> Answer:
        """The answer, when all of it has come; raises QueryTooLarge if it is over the limits."""
        cutter = self._cutter()
        cutter.feed(bytes(self._held))
        if cutter.exceeded:
            most = getattr(self._limits, cutter.exceeded)
            raise QueryTooLarge(
                f"The answer has more than {most} {cutter.exceeded}. Add LIMIT, or ask for less."
            )
        return Answer(self._media_type(), bytes(self._held))

    async def answer(self) -> Answer:
        """The answer, whole if it comes soon and is small, else as a stream that has begun."""
        try:
            await self._hold()
        except BaseException:
            self.stop()
            raise
        if self._complete:
            self.stop()
            return self.whole()
        return Answer(self._media_type(), parts=Stream(self._stream(), self.stop))

    def when_over(self, call: Callable[[], None]) -> None:
        """Have ``call`` called once when this run is over, however it ends."""
        self._over = call

    def yield_to_others(self) -> None:
        """Let lighter queries go first."""
        if self._worker:
            self._worker.yield_to_others()

    def stop(self) -> None:
        """End the worker, whatever it is doing."""
        if self._collecting:
            self._collecting.cancel()
            self._collecting = None
        if self._worker:
            self._worker.kill()
            self._worker = None
        if self._over:
            self._over()
            self._over = None

    def release(self) -> Worker | None:
        """Take the worker back for other queries; None (and its end) if it is still busy."""
        if not (self._complete or self._refused()):
            self.stop()
        worker, self._worker = self._worker, None
        return worker

    def _refused(self) -> bool:
        return self._head is not None and self._head["status"] != "ok"

    async def _collect(self, worker: Worker) -> None:
        """Read until the answer is whole or as much is held as may be."""
        try:
            self._head = await worker.ask(asdict(self._request))
            _raise_if_refused(self._head, self._limits)
            while len(self._held) < self._limits.hold_bytes:
                part = await worker.part()
                if not part:
                    self._complete = True
                    return
                self._held += part
        except Gone as gone:
            raise self._ended(gone) from None

    async def _wait(self, seconds: float) -> bool:
        """Wait until collecting has ended, for some seconds at most; whether it has."""
        assert self._collecting is not None  # noqa: S101 - it has begun
        start = monotonic()
        await asyncio.wait((self._collecting,), timeout=seconds)
        self._used += monotonic() - start
        if self._collecting.done():
            self._collecting.result()
        return self._collecting.done()

    async def _hold(self) -> None:
        """Wait for the time an answer's start may be held back, longer while nothing has come."""
        if await self._wait(min(self._limits.hold_seconds, self._left())):
            return
        while not self._held:
            if self._used >= self._seconds:
                raise QueryTimeout(self._seconds)
            if await self._wait(min(self._limits.hold_seconds, self._left())):
                return

    async def _stream(self) -> AsyncGenerator[bytes, None]:
        cutter = self._cutter()
        loop = asyncio.get_running_loop()
        patience = loop.call_later(self._limits.stream_seconds, self.stop)
        try:
            failure = await self._end_collecting()
            yield cutter.feed(self._take_held())
            if failure:
                raise failure
            while not (self._complete or cutter.exceeded) and (part := await self._next()):
                yield cutter.feed(part)
            yield self._closing(cutter, cutter.exceeded) if cutter.exceeded else cutter.rest()
        except Cut:
            raise
        except QueryError as error:
            yield self._closing(cutter, _reason(error))
        finally:
            patience.cancel()
            self.stop()

    async def _next(self) -> bytes:
        """The next part; the clock runs only while we wait for the worker, not while the client reads."""
        if self._worker is None:  # the reader took longer than any reader may
            raise QueryTimeout(self._limits.stream_seconds)
        start = monotonic()
        try:
            async with asyncio.timeout(self._left()):
                return await self._worker.part()
        except TimeoutError:
            raise QueryTimeout(self._seconds) from None
        except Gone as gone:
            raise self._ended(gone) from None
        finally:
            self._used += monotonic() - start

    async def _end_collecting(self) -> QueryError | None:
        """From here on parts are read as the client takes them; what collecting failed with, if it did."""
        task, self._collecting = self._collecting, None
        assert task is not None  # noqa: S101 - it has begun
        if not task.done():
            task.cancel()
        (outcome,) = await asyncio.gather(task, return_exceptions=True)
        return outcome if isinstance(outcome, QueryError) else None

    def _take_held(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held

    def _cutter(self) -> Cutter:
        assert self._head is not None  # noqa: S101 - an answer has begun
        return Cutter(self._head["format"], self._limits.rows, self._limits.bytes)

    def _closing(self, cutter: Cutter, reason: str) -> bytes:
        closing = cutter.close(reason)
        if closing is None:
            raise Cut(reason)
        return closing

    def _left(self) -> float:
        return max(self._seconds - self._used, 0.001)

    def _media_type(self) -> str:
        assert self._head is not None  # noqa: S101 - an answer has begun
        media_type: str = self._head["media_type"]
        return media_type

    def _ended(self, gone: Gone) -> QueryError:
        if gone.signal == signal.SIGABRT:
            return QueryOutOfMemory(self._limits.memory)
        if gone.signal == signal.SIGKILL:
            return Busy("The process that answered this query was ended from outside.", 1)
        return QueryFailed("The engine gave up on this query.")


def _look_at(task: asyncio.Task[None]) -> None:
    """Note a failure that nobody waits for any more."""
    if not task.cancelled():
        task.exception()


def _reason(error: QueryError) -> str:
    names = {QueryTimeout: "time", QueryOutOfMemory: "memory"}
    return names.get(type(error), "failure")


def _raise_if_refused(head: dict[str, Any], limits: Limits) -> None:
    match head["status"]:
        case "ok":
            return
        case "not-acceptable":
            raise NotAcceptable(head["message"])
        case "syntax":
            raise QuerySyntax(head["message"], head["line"], head["column"])
        case "forbidden":
            raise QueryForbidden(head["message"])
        case "memory":
            raise QueryOutOfMemory(limits.memory)
        case _:
            raise QueryFailed(head["message"])
