"""What a check found: the thing at fault, where, why, and how to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from natgraph.terms import PREFIXES


class Severity(IntEnum):
    """How bad it is; ordered, so that ``>=`` means "this bad or worse"."""

    INFO = 1
    WARNING = 2
    VIOLATION = 3


@dataclass(frozen=True)
class Spot:
    """A line of a record file, counted from 1."""

    path: Path
    line: int


@dataclass(frozen=True)
class Finding:
    """One fault of one thing.

    ``focus`` is the thing's IRI; ``path`` the property (``ng:host``) or property path (``^`` is inverse,
    ``/`` then, ``|`` or); ``value`` the term at fault as in N-Triples; ``rule`` a shape's IRI or the
    name of an invariant, Python rule or layout rule; ``message`` what is wrong and how to mend it, by
    language; ``graph`` the source that says it, ``constraint`` the SHACL component, ``spot`` the line, where
    known.
    """

    focus: str
    severity: Severity
    rule: str
    message: Mapping[str, str] = field(hash=False)
    path: str | None = None
    value: str | None = None
    graph: str | None = None
    constraint: str | None = field(default=None, compare=False)
    spot: Spot | None = None


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without doubles, by record, the worst first."""
    return sorted(
        set(findings),
        key=lambda f: (f.focus, -f.severity, f.rule, f.path or "", f.value or "", f.graph or "", str(f.spot)),
    )


def short(iri: str) -> str:
    """An IRI as people write it: ``ng:host`` for a known namespace, else the whole IRI in angle brackets.

    >>> short("http://www.w3.org/2004/02/skos/core#prefLabel")
    'skos:prefLabel'
    """
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if len(local) < len(iri) and local.replace("_", "").replace("-", "").isalnum():
            return f"{prefix}:{local}"
    return f"<{iri}>"
