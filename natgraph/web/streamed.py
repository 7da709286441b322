"""A response whose parts come from a worker, which is freed however the response ends."""

from contextlib import suppress

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from natgraph.engine import Answer, Cut


class Streamed(StreamingResponse):
    """A large answer on its way; for HEAD its headers only."""

    def __init__(self, answer: Answer, headers: dict[str, str]) -> None:
        assert answer.parts is not None  # noqa: S101 - whole answers are plain responses
        super().__init__(answer.parts, media_type=answer.media_type, headers=headers)
        self._parts = answer.parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the parts, and close them in any case.

        An answer that has to be broken off ends here without its last part, so that the server breaks the
        connection.
        """
        try:
            if scope["method"] == "HEAD":
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                await send({"type": "http.response.body", "body": b""})
            else:
                with suppress(Cut):
                    await super().__call__(scope, receive, send)
        finally:
            await self._parts.aclose()
