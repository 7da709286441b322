"""What ``/openapi.json`` says of the canned queries, beside what their functions say."""

from http import HTTPStatus
from typing import Any

from natgraph.terms import BASE

_JSON = "application/json"
_TITLE = {"sv": "Vad ligger bakom ett hinder?", "en": "What lies behind a barrier?"}
_SUMMARY = {"sv": "Alla hinder uppströms.", "en": "All barriers upstream."}
_HREF = "https://example.org/api/v1/queries"


def _problem(status: HTTPStatus, description: str, detail: str) -> dict[str, Any]:
    example = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    return {"description": description, "content": {"application/problem+json": {"example": example}}}


def _number(name: str, description: str, least: int, default: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": least, "default": default}
    return {"name": name, "in": "query", "description": description, "schema": schema}


_OTHERS: dict[int | str, dict[str, Any]] = {
    400: _problem(
        HTTPStatus.BAD_REQUEST,
        "A parameter is unknown, missing or not of its type.",
        "The parameter barrier (barrier) is missing.",
    ),
    404: _problem(
        HTTPStatus.NOT_FOUND,
        "There is no such query, or a parameter names nothing in the graph.",
        "The barrier reuse is not in the graph. Did you mean reuse-hard-to-scale?",
    ),
    406: _problem(HTTPStatus.NOT_ACCEPTABLE, "The client takes no such format.", "This answer comes as …"),
    503: _problem(HTTPStatus.SERVICE_UNAVAILABLE, "Too many queries wait.", "Too many queries are waiting."),
    "4XX": _problem(HTTPStatus.BAD_REQUEST, "Any other fault of the request.", "…"),
}

_LIST = {
    "total": 1,
    "limit": 100,
    "offset": 0,
    "dataVersion": "0" * 64,
    "queries": [
        {
            "name": "behind-a-barrier",
            "title": _TITLE,
            "summary": _SUMMARY,
            "audience": "policymaker",
            "parameters": [
                {
                    "name": "barrier",
                    "type": "barrier",
                    "required": True,
                    "default": None,
                    "description": {"sv": "Hindret som det gäller.", "en": "The barrier it is about."},
                }
            ],
            "query": "SELECT …",
            "_links": {"self": {"href": f"{_HREF}/behind-a-barrier"}},
        }
    ],
    "_links": {"self": {"href": f"{_HREF}?limit=100&offset=0"}},
}
_ROWS = {
    "name": "behind-a-barrier",
    "title": _TITLE,
    "summary": _SUMMARY,
    "audience": "policymaker",
    "query": "SELECT …",
    "parameters": {"barrier": f"{BASE}id/barrier/reuse-hard-to-scale", "lang": "en"},
    "dataVersion": "0" * 64,
    "total": 1,
    "limit": 20,
    "offset": 0,
    "columns": ["barrier", "lang", "cause", "name", "byStatedSteps"],
    "rows": [
        {
            "barrier": f"{BASE}id/barrier/reuse-hard-to-scale",
            "lang": "en",
            "cause": f"{BASE}id/barrier/example",
            "name": "An example",
            "byStatedSteps": True,
        }
    ],
    "_links": {"self": {"href": f"{_HREF}/behind-a-barrier?barrier=reuse-hard-to-scale&limit=20&offset=0"}},
}
_OFFSET = _number("offset", "How many to leave out.", 0, 0)
_OWN = {
    "name": "parameters",
    "in": "query",
    "style": "form",
    "explode": True,
    "description": "The query's own parameters, as the list of queries tells them, such as barrier and lang.",
    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    "example": {"barrier": "reuse-hard-to-scale", "lang": "en"},
}
_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "Instead of the Accept header.",
    "schema": {"type": "string", "enum": ["json", "csv", "tsv", "xml", "sparql-json"]},
}

LISTED: dict[str, Any] = {
    "responses": {200: {"description": "The queries.", "content": {_JSON: {"example": _LIST}}}, **_OTHERS},
    "openapi_extra": {"parameters": [_number("limit", "How many a page has.", 1, 100), _OFFSET]},
}
NAMED: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The rows of the answer, perhaps none.",
            "content": {
                _JSON: {"example": _ROWS},
                "text/csv": {"example": "barrier,lang,cause,name,byStatedSteps\r\n"},
            },
        },
        **_OTHERS,
    },
    "openapi_extra": {"parameters": [_OWN, _number("limit", "Rows a page has.", 1, 20), _OFFSET, _FORMAT]},
}
