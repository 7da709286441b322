"""Showing a store who we are: Bearer, or what its challenge asks for (RFC 9110, section 11; RFC 7616)."""

from collections.abc import Generator

import httpx

from natgraph.remote.endpoint import Credentials

Flow = Generator[httpx.Request, httpx.Response, None]


class Challenged(httpx.Auth):
    """A token at once; user and password only when the server asks, by Digest if it offers that."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._scheme: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Flow:
        """Send a request, with credentials where they are wanted."""
        if self._credentials.token:
            request.headers["Authorization"] = f"Bearer {self._credentials.token}"
            yield request
            return
        if self._scheme is None:
            response = yield request
            self._scheme = self._wanted(response)
        if self._scheme:
            yield from self._scheme.auth_flow(request)

    def _wanted(self, response: httpx.Response) -> httpx.Auth | None:
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return None
        user, password = self._credentials.user, self._credentials.password
        offered = response.headers.get("www-authenticate", "").lower()
        if "digest" in offered:
            return httpx.DigestAuth(user, password)
        return httpx.BasicAuth(user, password) if "basic" in offered else None
