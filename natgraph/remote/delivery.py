"""One query on its way: looked at, asked of the store, translated, and given within the limits."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from time import monotonic
from typing import TypeVar

from natgraph.engine.answer import Answer, Stream
from natgraph.engine.cut import Cutter
from natgraph.engine.limits import Limits
from natgraph.engine.request import Request
from natgraph.engine.run import Cut, NotAcceptable
from natgraph.errors import QueryError, QueryOutOfMemory, QueryTimeout, QueryTooLarge
from natgraph.formats import GRAPHS, RESULTS, Format, by_name
from natgraph.remote.answers import is_table
from natgraph.remote.asked import Asked, Form
from natgraph.remote.store import Parameters, Store
from natgraph.remote.translators import Translator

T = TypeVar("T")
_WORDY = 4
"""How many times the bytes of an answer may come from the store, whose format may be wordier."""


class Delivery:
    """One query, with a translator of its own. ``over`` is called once, however it ends."""

    def __init__(
        self,
        request: Request,
        limits: Limits,
        seconds: float,
        translator: Translator,
        over: Callable[[], None],
    ) -> None:
        self._request = request
        self._limits = limits
        self._seconds = seconds
        self._used = 0.0
        self._translator = translator
        self._over: Callable[[], None] | None = over
        self._feeding: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()
        self._coming: asyncio.Task[bytes] | None = None
        self._format: Format
        self._impatient = False

    async def answer(self, store: Store, parameters: Callable[[Asked], Parameters]) -> Answer:
        """The answer, whole if it comes soon and is small, else as a stream that has begun.

        ``parameters`` are what the protocol adds to a query.
        """
        try:
            asked = await self._within(self._translator.look_at(self._request.text))
            self._format = self._wanted(asked.form)
            self._feeding = asyncio.ensure_future(self._feed(store, asked.form, parameters(asked)))
            held, complete = await self._hold()
        except BaseException:
            self.stop()
            raise
        if not complete:
            return Answer(self._format.media_type, parts=Stream(self._stream(held), self.stop))
        self.stop()
        return self._whole(held)

    def stop(self) -> None:
        """Let go of translator and store; what they still do for this query is ended."""
        for task in (self._feeding, self._coming):
            if task:
                task.cancel()
                task.add_done_callback(_look_at)
        over, self._over = self._over, None
        if over:
            over()

    def _wanted(self, form: Form) -> Format:
        kind, name, offered = ("graph", self._request.graph, GRAPHS)
        if is_table(form):
            kind, name, offered = ("results", self._request.results, RESULTS)
        found = by_name(name, offered) if name else None
        if found is None:
            raise NotAcceptable(kind)
        return found

    async def _feed(self, store: Store, form: Form, parameters: Parameters) -> None:
        """Let the store's answer flow into the translator, as quickly as the client takes it."""
        async with store.ask(form, parameters, self._limits.bytes * _WORDY) as body:
            await self._translator.begin(form, body.media_type, self._format.media_type)
            self._begun.set()
            async for part in body.parts:
                await self._translator.feed(part)
            await self._translator.end()

    async def _hold(self) -> tuple[bytes, bool]:
        """The answer's start, and whether it is all.

        It is held back for some time, longer while nothing has come: so a failure can have its own status.
        """
        held, patience = bytearray(), self._limits.hold_seconds
        while len(held) < self._limits.hold_bytes:
            start = monotonic()
            part = await self._part(min(patience, self._left()))
            patience -= monotonic() - start
            if part == b"":
                return bytes(held), True
            held += part or b""
            if patience <= 0:
                if held:
                    break
                patience = self._limits.hold_seconds
        return bytes(held), False

    def _whole(self, body: bytes) -> Answer:
        cutter = self._cutter()
        cutter.feed(body)
        if cutter.exceeded:
            most = getattr(self._limits, cutter.exceeded)
            raise QueryTooLarge(
                f"The answer has more than {most} {cutter.exceeded}. Add LIMIT, or ask for less."
            )
        return Answer(self._format.media_type, body)

    async def _stream(self, part: bytes) -> AsyncGenerator[bytes, None]:
        cutter = self._cutter()
        patience = asyncio.get_running_loop().call_later(self._limits.stream_seconds, self._lose_patience)
        try:
            while part:
                yield cutter.feed(part)
                if cutter.exceeded:
                    yield self._closing(cutter, cutter.exceeded)
                    return
                part = await self._next()
            yield cutter.rest()
        except Cut:
            raise
        except QueryError as error:
            yield self._closing(cutter, _reason(error))
        finally:
            patience.cancel()
            self.stop()

    async def _next(self) -> bytes:
        while (part := await self._part(self._left())) is None:
            pass
        return part

    async def _part(self, seconds: float) -> bytes | None:
        """The next bytes, empty at the end; None if none come within some seconds.

        The clock runs only while we wait for the store, not while the client reads. Raises QueryTimeout, and
        what goes wrong at the store or in the translation.
        """
        if self._impatient:
            raise QueryTimeout(self._limits.stream_seconds)
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._come())
        start = monotonic()
        await asyncio.wait(self._awaited(), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        self._used += monotonic() - start
        if self._feeding and self._feeding.done() and not self._feeding.cancelled():
            self._feeding.result()
        if self._coming.done():
            coming, self._coming = self._coming, None
            return await coming
        if self._used >= self._seconds:
            raise QueryTimeout(self._seconds)
        return None

    async def _come(self) -> bytes:
        """What the translator gives next; it is left alone as long as it was not given anything."""
        await self._begun.wait()
        return await self._translator.part()

    def _awaited(self) -> list[asyncio.Task[bytes] | asyncio.Task[None]]:
        """What the next bytes, or a failure, can come from."""
        return [task for task in (self._coming, self._feeding) if task and not task.done()]

    async def _within(self, work: Awaitable[T]) -> T:
        """The result of some work, within the time that is left."""
        start = monotonic()
        try:
            async with asyncio.timeout(self._left()):
                return await work
        except TimeoutError:
            raise QueryTimeout(self._seconds) from None
        finally:
            self._used += monotonic() - start

    def _lose_patience(self) -> None:
        """The reader took longer than any reader may."""
        self._impatient = True
        self.stop()

    def _left(self) -> float:
        return max(self._seconds - self._used, 0.001)

    def _cutter(self) -> Cutter:
        return Cutter(self._format.name, self._limits.rows, self._limits.bytes)

    def _closing(self, cutter: Cutter, reason: str) -> bytes:
        closing = cutter.close(reason)
        if closing is None:
            raise Cut(reason)
        return closing


def _reason(error: QueryError) -> str:
    names = {QueryTimeout: "time", QueryOutOfMemory: "memory", QueryTooLarge: "bytes"}
    return names.get(type(error), "failure")


def _look_at(task: asyncio.Task[bytes] | asyncio.Task[None]) -> None:
    """Note a failure that nobody waits for any more."""
    if not task.cancelled():
        task.exception()
