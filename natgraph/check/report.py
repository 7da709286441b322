"""Findings for people (text), for programs (JSON) and for SHACL tools (a W3C validation report in Turtle)."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from natgraph.check.finding import Finding, Severity, Spot
from natgraph.check.locate import Locator
from natgraph.check.paths import path_triples
from natgraph.terms import BASE, PREFIXES, RDF, SH, XSD

_WORDS = {
    "sv": {
        Severity.VIOLATION: ("fel", "fel"),
        Severity.WARNING: ("varning", "varningar"),
        Severity.INFO: ("upplysning", "upplysningar"),
    },
    "en": {
        Severity.VIOLATION: ("violation", "violations"),
        Severity.WARNING: ("warning", "warnings"),
        Severity.INFO: ("info", "infos"),
    },
}
_LABELS = {"sv": ("värde", "källa", "rätta"), "en": ("value", "source", "fix")}


def to_text(findings: list[Finding], data: Path, lang: str) -> str:
    """The findings by record: file and line, severity, rule, value, and what to do; a sum at the end."""
    locate = Locator(data) if findings else None
    parts: list[str] = []
    for focus, group in groupby(findings, key=lambda f: f.focus):
        parts.append(focus)
        for finding in group:
            parts.extend(_lines(finding, locate.find(finding) if locate else None, data, lang))
        parts.append("")
    return "\n".join([*parts, _sum(findings, lang)])


def to_json(findings: list[Finding], data: Path, lang: str) -> str:
    """The findings as JSON: ``conforms`` (no violation) and ``findings``."""
    locate = Locator(data)
    return json.dumps(
        {
            "conforms": not any(f.severity is Severity.VIOLATION for f in findings),
            "findings": [_record(f, locate.find(f), data, lang) for f in findings],
        },
        ensure_ascii=False,
        indent=2,
    )


def to_turtle(findings: list[Finding], _data: Path, _lang: str) -> str:
    """The findings as a W3C ``sh:ValidationReport``, with messages in both languages.

    ``sh:conforms`` is the standard's: false when there is any result, of whatever severity.
    """
    prefixes = dict(PREFIXES) | {"shape": f"{BASE}shape/"}
    written = serialize(_report(findings), format=RdfFormat.TURTLE, prefixes=prefixes)
    return (written or b"").decode()


def _lines(finding: Finding, spot: Spot | None, data: Path, lang: str) -> Iterator[str]:
    value, source, fix = _LABELS[lang]
    name = _WORDS[lang][finding.severity][0]
    yield f"  {_place(spot, data) or '-'}: {name}: {_rule(finding)}"
    if finding.value is not None:
        yield f"    {value}: {finding.path or ''} {finding.value}"
    if finding.graph is not None:
        yield f"    {source}: {finding.graph}"
    yield f"    {fix}: {finding.message[lang]}"


def _rule(finding: Finding) -> str:
    return finding.rule.removeprefix(f"{BASE}shape/")


def _place(spot: Spot | None, data: Path) -> str | None:
    if spot is None:
        return None
    home = data.parent
    path = spot.path.relative_to(home) if spot.path.is_relative_to(home) else spot.path
    return f"{path}:{spot.line}"


def _sum(findings: list[Finding], lang: str) -> str:
    counts = [sum(f.severity is s for f in findings) for s in _WORDS[lang]]
    return ", ".join(
        f"{n} {one if n == 1 else many}" for n, (one, many) in zip(counts, _WORDS[lang].values(), strict=True)
    )


def _record(finding: Finding, spot: Spot | None, data: Path, lang: str) -> dict[str, object]:
    place, _, line = (_place(spot, data) or "").rpartition(":")
    return {
        "focus": finding.focus,
        "file": place or None,
        "line": int(line) if line else None,
        "severity": finding.severity.name.lower(),
        "rule": finding.rule,
        "path": finding.path,
        "value": finding.value,
        "graph": finding.graph,
        "message": finding.message[lang],
        "messages": dict(finding.message),
    }


def _report(findings: Iterable[Finding]) -> Iterator[Triple]:
    report, found = BlankNode("report"), list(findings)
    yield Triple(report, RDF["type"], SH["ValidationReport"])
    yield Triple(report, SH["conforms"], Literal("false" if found else "true", datatype=XSD["boolean"]))
    for number, finding in enumerate(found):
        result = BlankNode(f"r{number}")
        yield Triple(report, SH["result"], result)
        yield from _result(result, finding)


def _result(result: BlankNode, finding: Finding) -> Iterator[Triple]:
    yield Triple(result, RDF["type"], SH["ValidationResult"])
    yield Triple(result, SH["focusNode"], NamedNode(finding.focus))
    yield Triple(result, SH["resultSeverity"], SH[finding.severity.name.capitalize()])
    if finding.constraint is None:  # not a shape: a constraint component of our own
        yield Triple(result, SH["sourceConstraintComponent"], NamedNode(f"{BASE}shape/{finding.rule}"))
    else:
        yield Triple(result, SH["sourceConstraintComponent"], NamedNode(finding.constraint))
        yield Triple(result, SH["sourceShape"], NamedNode(finding.rule))
    if finding.path is not None:
        node, more = path_triples(finding.path)
        yield Triple(result, SH["resultPath"], node)
        yield from more
    if finding.value is not None:
        yield Triple(result, SH["value"], _term(finding.value))
    for language, text in sorted(finding.message.items()):
        yield Triple(result, SH["resultMessage"], Literal(text, language=language))


def _term(text: str) -> NamedNode | BlankNode | Literal | Triple:
    """The term that a text in N-Triples writes."""
    (quad,) = parse(f"<urn:s> <urn:p> {text} .", RdfFormat.N_TRIPLES)
    term: NamedNode | BlankNode | Literal | Triple = quad.object
    return term
