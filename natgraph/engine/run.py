"""One query on one worker: its clock, what it has given so far, and how it ends."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from time import monotonic

from natgraph.engine.answer import Answer, Stream
from natgraph.engine.cut import Cutter
from natgraph.engine.limits import Limits
from natgraph.engine.link import Message, Worker
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

Over = Callable[[Worker | None], None]


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
        self._message = request.message()
        self._limits = limits
        self._seconds = seconds
        self._reset()

    def _reset(self) -> None:
        self._worker: Worker | None = None
        self._over: Over | None = None
        self._head: Message = {}
        self._parts: list[bytes] = []
        self._held = 0
        self._enough = self._limits.hold_bytes
        self._complete = False
        self._failure: QueryError | None = None
        self._used = 0.0
        self._news: asyncio.Future[None] | None = None

    def begin(self, worker: Worker, over: Over) -> None:
        """Start, or start again, on a worker.

        ``over`` is called once, however this ends: with the worker if it can take another query, else None.
        """
        self._reset()
        self._worker = worker
        self._over = over
        worker.ask(self._message, self)

    def count_as_heavy(self, call: Callable[[], None]) -> None:
        """Note that this takes longer than a turn; have something done besides when it is over."""
        before = self._over
        if self._worker:
            self._worker.tired = True

        def both(worker: Worker | None) -> None:
            call()
            if before:
                before(worker)

        self._over = both

    async def within(self, seconds: float) -> bool:
        """Whether the whole answer came within some seconds of processor time; what came is kept.

        Processor time, not wall clock: on a busy machine a light query is still a light one. Raises what the
        query's refusal or failure is.
        """
        if self._worker is None:
            return False
        start = self._worker.cpu()
        for _ in range(_PATIENCE):
            if await self._wait(seconds) or self._worker is None or self._worker.cpu() - start >= seconds:
                break
        self._raise_failure()
        return self._complete

    def whole(self) -> Answer:
        """The answer, when all of it has come; raises QueryTooLarge if it is over the limits."""
        body = self._take_held()
        cutter = self._cutter()
        cutter.feed(body)
        if cutter.exceeded:
            most = getattr(self._limits, cutter.exceeded)
            raise QueryTooLarge(
                f"The answer has more than {most} {cutter.exceeded}. Add LIMIT, or ask for less."
            )
        return Answer(self._head["media_type"], body)

    async def answer(self) -> Answer:
        """The answer, whole if it comes soon and is small, else as a stream that has begun."""
        try:
            await self._hold()
            if not self._complete:
                return Answer(self._head["media_type"], parts=Stream(self._stream(), self.stop))
        except BaseException:
            self.stop()
            raise
        self.stop()
        return self.whole()

    def yield_to_others(self) -> None:
        """Let lighter queries go first."""
        if self._worker:
            self._worker.yield_to_others()

    def stop(self) -> None:
        """Let go of the worker; one that is still busy is killed."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        idle = worker.alive and (self._complete or self._refused())
        worker.release() if idle else worker.kill()
        if self._over:
            self._over(worker if idle else None)
            self._over = None

    def head(self, message: Message) -> None:
        """The worker's answer begins (Listener)."""
        self._head = message
        if self._refused():
            self._fail(_refusal(message, self._limits))

    def data(self, part: bytes) -> None:
        """Some of the answer (Listener)."""
        self._parts.append(part)
        self._held += len(part)
        if self._held >= self._limits.hold_bytes and self._worker:
            self._worker.pause()
        if self._settled():
            self._wake()

    def end(self, message: Message) -> None:
        """The worker has said all (Listener)."""
        if message["done"]:
            self._complete = True
            self._wake()
        else:
            self._fail(QueryFailed(message["message"]))

    def gone(self, ended_by: int) -> None:
        """The worker has ended (Listener)."""
        self._fail(self._ended(ended_by))

    def _refused(self) -> bool:
        return bool(self._head) and self._head["status"] != "ok"

    def _settled(self) -> bool:
        return self._complete or self._failure is not None or self._held >= self._enough

    def _fail(self, failure: QueryError) -> None:
        self._failure = self._failure or failure
        self._wake()

    def _raise_failure(self) -> None:
        if self._failure:
            raise self._failure

    def _wake(self) -> None:
        if self._news and not self._news.done():
            self._news.set_result(None)

    async def _wait(self, seconds: float) -> bool:
        """Wait for some seconds at most until all, enough or a failure has come; whether it has."""
        if self._settled():
            return True
        start, loop = monotonic(), asyncio.get_running_loop()
        self._news = loop.create_future()
        timer = loop.call_later(seconds, self._wake)
        try:
            await self._news
        finally:
            timer.cancel()
            self._used += monotonic() - start
        return self._settled()

    async def _hold(self) -> None:
        """Wait for the time an answer's start may be held back, longer while nothing has come."""
        while not await self._wait(min(self._limits.hold_seconds, self._left())):
            if self._held:
                return
            if self._used >= self._seconds:
                raise QueryTimeout(self._seconds)
        self._raise_failure()

    async def _stream(self) -> AsyncGenerator[bytes, None]:
        cutter = self._cutter()
        patience = asyncio.get_running_loop().call_later(self._limits.stream_seconds, self._lose_patience)
        self._enough = 1
        try:
            while self._held or not self._complete:
                yield cutter.feed(await self._next())
                if cutter.exceeded:
                    yield self._closing(cutter, cutter.exceeded)
                    return
            yield cutter.rest()
        except Cut:
            raise
        except QueryError as error:
            yield self._closing(cutter, _reason(error))
        finally:
            patience.cancel()
            self.stop()

    async def _next(self) -> bytes:
        """What has come; the clock runs only while we wait for the worker, not while the client reads."""
        while not await self._wait(self._left()):
            if self._used >= self._seconds:
                raise QueryTimeout(self._seconds)
        if not self._held:
            self._raise_failure()
        return self._take_held()

    def _lose_patience(self) -> None:
        """The reader took longer than any reader may."""
        self._fail(QueryTimeout(self._limits.stream_seconds))
        self.stop()

    def _take_held(self) -> bytes:
        held = b"".join(self._parts)
        self._parts, self._held = [], 0
        if self._worker:
            self._worker.resume()
        return held

    def _cutter(self) -> Cutter:
        return Cutter(self._head["format"], self._limits.rows, self._limits.bytes)

    def _closing(self, cutter: Cutter, reason: str) -> bytes:
        closing = cutter.close(reason)
        if closing is None:
            raise Cut(reason)
        return closing

    def _left(self) -> float:
        return max(self._seconds - self._used, 0.001)

    def _ended(self, ended_by: int) -> QueryError:
        if ended_by == signal.SIGABRT:
            return QueryOutOfMemory(self._limits.memory)
        if ended_by == signal.SIGKILL:
            return Busy("The process that answered this query was ended from outside.", 1)
        return QueryFailed("The engine gave up on this query.")


def _reason(error: QueryError) -> str:
    names = {QueryTimeout: "time", QueryOutOfMemory: "memory"}
    return names.get(type(error), "failure")


def _refusal(head: Message, limits: Limits) -> QueryError:
    match head["status"]:
        case "not-acceptable":
            return NotAcceptable(head["message"])
        case "syntax":
            return QuerySyntax(head["message"], head["line"], head["column"])
        case "forbidden":
            return QueryForbidden(head["message"])
        case "memory":
            return QueryOutOfMemory(limits.memory)
        case _:
            return QueryFailed(head["message"])
