"""Whole-graph rules: SELECT queries that must return no rows, one a file, with a YAML header in ``#+`` lines.

Each row is a finding: ``?focus`` is the thing at fault; ``?path``, ``?value`` and ``?graph`` say where. The
header holds ``title``, ``severity`` and ``message`` (sv, en), whose ``{names}`` are filled from the row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from natgraph.check.finding import Finding, Severity, short
from natgraph.errors import DataFault
from natgraph.library import header
from natgraph.queries import Term
from natgraph.terms import BASE


@dataclass(frozen=True)
class Invariant:
    """A whole-graph rule, as its file tells it."""

    name: str
    title: str
    severity: Severity
    message: Mapping[str, str]
    query: str
    path: Path


def read_invariants(folder: Path) -> list[Invariant]:
    """The invariants of a folder; raises DataFault for a file that is not a rule."""
    return [read_invariant(path) for path in sorted(folder.glob("*.rq"))]


def invariant_findings(store: Store, rules: Iterable[Invariant]) -> Iterator[Finding]:
    """What invariants find in a store; raises DataFault for a query that is not fit for a rule."""
    for rule in rules:
        for row in _rows(store, rule):
            yield _finding(rule, row)


def read_invariant(path: Path) -> Invariant:
    """The rule in a file; raises DataFault when its header lacks something."""
    text = path.read_text(encoding="utf-8")
    head: dict[str, Any] = header(text)
    try:
        messages = {language: str(head["message"][language]) for language in ("sv", "en")}
        return Invariant(
            path.stem, str(head["title"]), Severity[str(head["severity"]).upper()], messages, text, path
        )
    except (KeyError, TypeError) as error:
        cure = "give title, severity (Violation, Warning or Info) and message with sv and en"
        raise DataFault(path, 1, 1, f"the #+ header lacks or misspells {error}", cure) from error


def _rows(store: Store, rule: Invariant) -> Iterator[Mapping[str, Term | None]]:
    try:
        found = store.query(rule.query)
    except SyntaxError as error:
        raise DataFault(rule.path, error.lineno or 1, 1, str(error.msg), "mend the query") from error
    names = [v.value for v in found.variables] if isinstance(found, QuerySolutions) else []
    if not isinstance(found, QuerySolutions) or "focus" not in names:
        raise DataFault(rule.path, 1, 1, "not a SELECT with ?focus", "select the thing at fault as ?focus")
    return ({name: row[name] for name in names} for row in found)


def _finding(rule: Invariant, row: Mapping[str, Term | None]) -> Finding:
    path, value, graph = row.get("path"), row.get("value"), row.get("graph")
    words = {name: word(term) for name, term in row.items()}
    return Finding(
        focus=_plain(row["focus"]) or "",
        severity=rule.severity,
        rule=rule.name,
        message={language: text.format_map(words) for language, text in rule.message.items()},
        path=short(path.value) if isinstance(path, NamedNode) else None,
        value=None if value is None else str(value),
        graph=_plain(graph),
    )


def word(term: Term | None) -> str:
    """A term in a sentence: our IRIs without their base, known ones by prefix, texts in quotes."""
    if isinstance(term, NamedNode):
        local = term.value.removeprefix(f"{BASE}id/")
        return short(term.value) if local == term.value else local
    return f'"{term.value}"' if isinstance(term, Literal) else str(term)


def _plain(term: Term | None) -> str | None:
    return term.value if isinstance(term, NamedNode | Literal) else None
