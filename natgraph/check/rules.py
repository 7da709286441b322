"""Rules that are easier in Python than in a shape or a query: check digits and coordinates."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store
from stdnum import isbn, isni
from stdnum.se import orgnr

from natgraph.check.finding import Finding, Severity, short
from natgraph.terms import GEO, NG, SCHEMA


@dataclass(frozen=True)
class Rule:
    """A test of every value of a property; ``holds`` gets the value's text."""

    name: str
    path: NamedNode
    holds: Callable[[str], bool]
    severity: Severity
    sv: str
    en: str


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LONGITUDES = (10.0, 25.0)
_LATITUDES = (55.0, 70.0)


def in_sweden(wkt: str) -> bool:
    """Whether every position of a WKT text, longitude before latitude in degrees (CRS84), is near Sweden.

    >>> in_sweden("POINT (20.2 67.8)"), in_sweden("POINT (67.8 20.2)")
    (True, False)
    """
    numbers = [float(n) for n in _NUMBER.findall(wkt)]
    west, east = _LONGITUDES
    south, north = _LATITUDES
    return all(west <= n <= east for n in numbers[::2]) and all(south <= n <= north for n in numbers[1::2])


RULES = (
    Rule(
        "organisation-number-check-digit",
        NG["organisationNumber"],
        orgnr.is_valid,
        Severity.VIOLATION,
        "Organisationsnumret {value} har fel kontrollsiffra. Jämför med källan och rätta numret.",
        "The organisation number {value} has a wrong check digit. Compare it with the source.",
    ),
    Rule(
        "isni-check-digit",
        NG["isni"],
        isni.is_valid,
        Severity.VIOLATION,
        "ISNI {value} har fel kontrolltecken. Jämför med källan och rätta det.",
        "The ISNI {value} has a wrong check character. Compare it with the source.",
    ),
    Rule(
        "isbn-check-digit",
        SCHEMA["isbn"],
        isbn.is_valid,
        Severity.VIOLATION,
        "ISBN {value} har fel längd eller kontrollsiffra. Jämför med källan och rätta det.",
        "The ISBN {value} has a wrong length or check digit. Compare it with the source.",
    ),
    Rule(
        "coordinates-outside-sweden",
        GEO["asWKT"],
        in_sweden,
        Severity.WARNING,
        "Geometrin ligger utanför Sverige. Longitud står före latitud, i grader: har de bytt plats?",
        "The geometry lies outside Sweden. Longitude comes before latitude, in degrees: are they swapped?",
    ),
)


def rule_findings(store: Store) -> Iterator[Finding]:
    """What the Python rules find in a store's default graph."""
    for rule in RULES:
        for quad in store.quads_for_pattern(None, rule.path, None, DefaultGraph()):
            value = quad.object
            if isinstance(value, Literal) and not rule.holds(value.value):
                yield _finding(rule, quad.subject, value)


def _finding(rule: Rule, focus: object, value: Literal) -> Finding:
    return Finding(
        focus=str(getattr(focus, "value", focus)),
        severity=rule.severity,
        rule=rule.name,
        message={"sv": rule.sv.format(value=value.value), "en": rule.en.format(value=value.value)},
        path=short(rule.path.value),
        value=str(value),
    )
