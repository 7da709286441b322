"""What the faces ask of a store, whether its graph is here or elsewhere."""

from typing import Protocol

from natgraph.engine.answer import Answer
from natgraph.engine.lanes import State
from natgraph.engine.limits import Limits
from natgraph.engine.request import Request


class Backend(Protocol):
    """Answers requests over one graph, within limits."""

    limits: Limits

    async def start(self) -> None:
        """Be ready for requests."""

    async def stop(self) -> None:
        """Let go of everything."""

    def state(self) -> State:
        """What it is doing now."""

    def version(self) -> str | None:
        """The version of the data, None while it is not known."""

    async def answer(self, request: Request, client: str = "", seconds: float | None = None) -> Answer:
        """The answer to a request of a client, within ``seconds`` (at most the limit).

        Raises what ``natgraph.errors.QueryError`` heads, and NotAcceptable.
        """
