"""Who may write: bearer tokens (RFC 6750), compared in constant time."""

from collections.abc import Mapping
from hmac import compare_digest
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from natgraph.errors import BadToken

_SHORTEST = 16


def read_tokens(text: str) -> dict[str, str]:
    """The tokens of ``NATGRAPH_TOKEN``, by the name under which their writes are logged.

    They stand apart by white space, each as ``name:token`` or as ``token`` alone (name: ``writer``). Raises
    BadToken for one that is shorter than 16 characters, and for a name that is used twice.
    """
    tokens: dict[str, str] = {}
    for word in text.split():
        name, _, token = word.rpartition(":")
        if len(token) < _SHORTEST:
            raise BadToken(f"A token in NATGRAPH_TOKEN has less than {_SHORTEST} characters.")
        if (name or "writer") in tokens:
            raise BadToken("Two tokens in NATGRAPH_TOKEN have one name; write them as name:token.")
        tokens[name or "writer"] = token
    return tokens


def writer(request: Request, tokens: Mapping[str, str]) -> str:
    """The name of the token a request carries; raises HTTPException 401."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    known = [name for name, token in tokens.items() if compare_digest(token.encode(), given.strip().encode())]
    if scheme.lower() == "bearer" and known:
        return known[0]
    challenge = 'Bearer realm="natgraph"' + (', error="invalid_token"' if given else "")
    raise HTTPException(
        HTTPStatus.UNAUTHORIZED,
        "This needs a token: Authorization: Bearer …",
        {"WWW-Authenticate": challenge},
    )
