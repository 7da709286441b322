"""A general limit on requests, off unless the operator asks for it: so many a minute from one address."""

from http import HTTPStatus
from math import ceil
from time import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from natgraph.web.problems import problem


class RateLimited:
    """Middleware that answers 429 with Retry-After beyond ``rate`` requests a minute from one address."""

    def __init__(self, app: ASGIApp, rate: int) -> None:
        self._app = app
        self._rate = RateLimitItemPerMinute(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if its address has not used up its minute; health checks always pass."""
        client = scope.get("client")
        counts = scope["type"] == "http" and not scope["path"].startswith("/health/")
        if not counts or self._limiter.hit(self._rate, client[0] if client else ""):
            await self._app(scope, receive, send)
            return
        reset = self._limiter.get_window_stats(self._rate, client[0] if client else "").reset_time
        detail = f"At most {self._rate.amount} requests a minute are answered; please wait."
        retry = {"Retry-After": str(max(1, ceil(reset - time())))}
        await problem(HTTPStatus.TOO_MANY_REQUESTS, detail, retry)(scope, receive, send)
