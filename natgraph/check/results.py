"""The results of a W3C validation report, whichever engine wrote it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from natgraph.queries import Term
from natgraph.terms import SH


class Result(NamedTuple):
    """A result as an engine reports it.

    ``severity`` and ``constraint`` are IRIs, ``path`` too, if it is one; ``value`` is a term as in N-Triples.
    """

    focus: str
    severity: str
    shape: str
    constraint: str
    path: str | None
    value: str | None


def read_report(report: bytes) -> Iterator[Result]:
    """The results in a validation report in Turtle (https://www.w3.org/TR/shacl/#validation-report)."""
    said: dict[Term, dict[NamedNode, Term]] = defaultdict(dict)
    results: list[Term] = []
    for quad in parse(report, RdfFormat.TURTLE):
        said[quad.subject][quad.predicate] = quad.object
        if quad.predicate == SH["result"]:
            results.append(quad.object)
    return (_result(said[result]) for result in results)


def _result(said: Mapping[NamedNode, Term]) -> Result:
    path, value = said.get(SH["resultPath"]), said.get(SH["value"])
    return Result(
        focus=_text(said[SH["focusNode"]]),
        severity=_text(said[SH["resultSeverity"]]),
        shape=_text(said[SH["sourceShape"]]),
        constraint=_text(said[SH["sourceConstraintComponent"]]),
        path=path.value if isinstance(path, NamedNode) else None,
        value=None if value is None or isinstance(value, BlankNode) else str(value),
    )


def _text(term: Term) -> str:
    return str(getattr(term, "value", term))
