"""A table of SPARQL results as plain objects."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from natgraph.engine import Answer
from natgraph.errors import QueryTooLarge
from natgraph.terms import XSD

LARGEST = 16 << 20
"""Bytes of results that are made into objects; other formats have more."""


async def table(answer: Answer) -> tuple[list[str], list[dict[str, Any]]]:
    """The columns and rows of SPARQL results JSON; raises QueryTooLarge if there is too much or it is cut."""
    results = json.loads(await _whole(answer))
    if "truncated" in results:
        raise QueryTooLarge(f"The answer was cut ({results['truncated']}). Ask for less.")
    columns = results["head"]["vars"]
    rows = results["results"]["bindings"]
    return columns, [{name: _plain(row.get(name)) for name in columns} for row in rows]


async def _whole(answer: Answer) -> bytes:
    if answer.parts is None:
        return answer.body or b""
    body = bytearray()
    try:
        async for part in answer.parts:
            body += part
            if len(body) > LARGEST:
                raise QueryTooLarge(f"The answer has more than {LARGEST} bytes. Take it as CSV.")
    finally:
        await answer.parts.aclose()
    return bytes(body)


def _plain(cell: Mapping[str, str] | None) -> str | int | float | bool | None:
    """A term as JSON has it: numbers and truth values as such, all else as text, None where there is none."""
    if cell is None:
        return None
    value, datatype = cell["value"], cell.get("datatype")
    if datatype == XSD["boolean"].value:
        return value in ("true", "1")
    if datatype == XSD["integer"].value:
        return int(value)
    if datatype == XSD["decimal"].value:
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)
    return value
