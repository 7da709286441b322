"""Errors as problem details (RFC 9457, https://www.rfc-editor.org/rfc/rfc9457): mapped once, here."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from natgraph.check import Finding
from natgraph.errors import (
    BadParameter,
    Busy,
    ChainFault,
    ChainTimeout,
    IndexFailed,
    NatgraphError,
    NoSuchGraph,
    NotConforming,
    NotFound,
    NotPublished,
    QueryFailed,
    QueryForbidden,
    QueryOutOfMemory,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    SearchRefused,
    StateError,
    StoreUnavailable,
    UpstreamFailed,
    WriteFailed,
    WriteOutOfMemory,
    WriteRefused,
    WriteTimeout,
)

_LOG = logging.getLogger("uvicorn.error")
MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type, HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    ChainFault: HTTPStatus.BAD_REQUEST,
    ChainTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    QuerySyntax: HTTPStatus.BAD_REQUEST,
    QueryForbidden: HTTPStatus.BAD_REQUEST,
    QueryFailed: HTTPStatus.BAD_REQUEST,
    QueryTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    QueryOutOfMemory: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    NotConforming: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotPublished: HTTPStatus.UNPROCESSABLE_ENTITY,
    WriteRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    NoSuchGraph: HTTPStatus.NOT_FOUND,
    WriteTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    WriteOutOfMemory: HTTPStatus.SERVICE_UNAVAILABLE,
    WriteFailed: HTTPStatus.BAD_REQUEST,
    StateError: HTTPStatus.SERVICE_UNAVAILABLE,
    BadParameter: HTTPStatus.BAD_REQUEST,
    SearchRefused: HTTPStatus.BAD_REQUEST,
    IndexFailed: HTTPStatus.SERVICE_UNAVAILABLE,
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
    for kind in (NatgraphError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _handle)
    app.add_exception_handler(Exception, _handle_unforeseen)


def response_to(error: Exception) -> Response:
    """The problem document for an error; one that is not foreseen is logged."""
    match error:
        case NatgraphError():
            return _ours(error)
        case HTTPException():
            return _http(error)
        case RequestValidationError():
            faults = (f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in error.errors())
            return problem(HTTPStatus.BAD_REQUEST, "; ".join(faults))
        case _:
            _LOG.error("not foreseen", exc_info=error)
            return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; it has been logged.")


async def _handle(_: Request, error: Exception) -> Response:
    return response_to(error)


async def _handle_unforeseen(_: Request, __: Exception) -> Response:
    """The server logs it by itself."""
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; it has been logged.")


def _ours(error: NatgraphError) -> Response:
    known = (_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
    status = next(known, HTTPStatus.INTERNAL_SERVER_ERROR)
    retry = {"Retry-After": str(error.retry)} if isinstance(error, Busy | StoreUnavailable) else None
    more: dict[str, object] = {name: getattr(error, name, None) for name in ("line", "column", "near")}
    if isinstance(error, NotConforming):
        more["report"] = [_told(finding) for finding in error.findings]
    return problem(status, str(error), retry, **more)


def _told(finding: Finding) -> dict[str, object]:
    return {
        "focus": finding.focus,
        "severity": finding.severity.name.lower(),
        "rule": finding.rule,
        "path": finding.path,
        "value": finding.value,
        "messages": dict(finding.message),
    }


def _http(error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    detail = error.detail if error.detail != status.phrase else status.description or status.phrase
    return problem(status, detail, dict(error.headers or {}))
