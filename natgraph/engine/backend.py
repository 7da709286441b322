"""What the faces need of a store, wherever it is."""

from dataclasses import dataclass
from typing import Protocol

from natgraph.engine.answer import Answer
from natgraph.engine.limits import Limits
from natgraph.engine.request import Request


@dataclass(frozen=True)
class State:
    """How many queries wait for a place, how many run in a heavy one, how many workers were killed so far."""

    waiting: int
    heavy: int
    killed: int


class Backend(Protocol):
    """Answers requests over one store."""

    limits: Limits

    @property
    def version(self) -> str | None:
        """The version of the data, None if that is not known."""

    async def start(self) -> None:
        """Be ready to answer."""

    async def stop(self) -> None:
        """End at once."""

    async def retire(self) -> None:
        """End as soon as every answer that has begun is given."""

    def state(self) -> State:
        """What it is doing now."""

    async def answer(self, request: Request, client: str = "", seconds: float | None = None) -> Answer:
        """The answer to a request of a client, within ``seconds``; raises QueryError."""
