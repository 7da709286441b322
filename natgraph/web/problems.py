"""Errors as problem details (RFC 9457, https://www.rfc-editor.org/rfc/rfc9457): mapped once, here."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from natgraph.errors import (
    Busy,
    NatgraphError,
    NotFound,
    QueryFailed,
    QueryForbidden,
    QueryOutOfMemory,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    StoreUnavailable,
    UpstreamFailed,
)

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[NatgraphError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    QuerySyntax: HTTPStatus.BAD_REQUEST,
    QueryForbidden: HTTPStatus.BAD_REQUEST,
    QueryFailed: HTTPStatus.BAD_REQUEST,
    QueryTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    QueryOutOfMemory: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    UpstreamFailed: HTTPStatus.BAD_GATEWAY,
}


def problem(
    status: HTTPStatus, detail: str, headers: dict[str, str] | None = None, **more: object
) -> JSONResponse:
    """A problem document; ``more`` are extension members, those that are None are left out."""
    members = {k: v for k, v in more.items() if v is not None}
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail, **members}
    return JSONResponse(body, int(status), headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let the app answer every error with a problem document and none with its inner workings."""
    app.add_exception_handler(NatgraphError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


async def _ours(_: Request, error: Exception) -> Response:
    status = _STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)  # type: ignore[arg-type]
    retry = {"Retry-After": str(error.retry)} if isinstance(error, Busy | StoreUnavailable) else None
    place = {name: getattr(error, name, None) for name in ("line", "column")}
    return problem(status, str(error), retry, **place)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    status = HTTPStatus(error.status_code)
    detail = error.detail if error.detail != status.phrase else status.description or status.phrase
    return problem(status, detail, dict(error.headers or {}))


async def _unforeseen(_: Request, __: Exception) -> Response:
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; it has been logged.")
