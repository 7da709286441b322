"""Where a store elsewhere is, and how we show who we are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from natgraph.errors import BadStore

USER, PASSWORD, TOKEN = "NATGRAPH_STORE_USER", "NATGRAPH_STORE_PASSWORD", "NATGRAPH_STORE_TOKEN"


@dataclass(frozen=True)
class Credentials:
    """A user and a password (sent as the server asks: Basic or Digest), or a token (Bearer)."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Endpoint:
    """The address of a store's SPARQL service, and the credentials for it."""

    url: str
    credentials: Credentials | None = None


def address(url: str) -> str:
    """The address, if it is one of a web service without credentials; raises BadStore."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise BadStore(f"This is no address of a store: {error}.") from None
    if parsed.userinfo:
        raise BadStore(
            f"An address holds no user name or password; give them in the environment: {USER} and {PASSWORD}."
        )
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise BadStore("The address of a store begins with http:// or https:// and names a host.")
    if parsed.fragment:
        raise BadStore("The address of a store has no part after #.")
    return url


def credentials(environment: Mapping[str, str]) -> Credentials | None:
    """The credentials that the environment holds, if any; raises BadStore for half or two of them."""
    user, password, token = (environment.get(name, "") for name in (USER, PASSWORD, TOKEN))
    if token and (user or password):
        raise BadStore(f"Set {TOKEN}, or {USER} and {PASSWORD}, not both.")
    if bool(user) != bool(password):
        raise BadStore(f"Set both {USER} and {PASSWORD}.")
    return Credentials(user, password, token) if user or token else None
