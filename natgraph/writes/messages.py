"""What the process that prepares a write says of it, as JSON: the changes, or the error."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from natgraph.check import Finding, Severity
from natgraph.errors import (
    NatgraphError,
    NoSuchGraph,
    NotConforming,
    QueryForbidden,
    QuerySyntax,
    WriteFailed,
    WriteRefused,
)
from natgraph.writes.patch import GraphChange

Message = dict[str, Any]
_MOST = 1000
"""How many findings are told of a write that is refused."""


def told_change(change: GraphChange) -> Message:
    """The change of a graph as part of an answer."""
    return {n: sorted(v) if isinstance(v, frozenset) else v for n, v in vars(change).items()}


def change_of(message: Message) -> GraphChange:
    """The change of a graph that was told."""
    fields: Message = {n: frozenset(v) if isinstance(v, list) else v for n, v in message.items()}
    return GraphChange(**fields)


def told_error(error: NatgraphError) -> Message:
    """An error as an answer; of very many findings the first are told."""
    message: Message = {"status": type(error).__name__, "message": str(error)}
    if isinstance(error, QuerySyntax):
        message |= {"line": error.line, "column": error.column}
    if isinstance(error, NotConforming):
        message["findings"] = [asdict(finding) for finding in error.findings[:_MOST]]
    return message


def error_of(message: Message) -> NatgraphError:
    """The error that was told; one of a kind that no write is meant to meet is a failure."""
    text = message["message"]
    makers: dict[str, Callable[[], NatgraphError]] = {
        "QuerySyntax": lambda: QuerySyntax(text, message["line"], message["column"]),
        "QueryForbidden": lambda: QueryForbidden(text),
        "WriteRefused": lambda: WriteRefused(text),
        "NoSuchGraph": lambda: NoSuchGraph(text),
        "NotConforming": lambda: NotConforming(text, [_finding(f) for f in message["findings"]]),
    }
    return makers.get(message["status"], lambda: WriteFailed(text))()


def _finding(fields: Message) -> Finding:
    return Finding(**(fields | {"severity": Severity(fields["severity"])}))
