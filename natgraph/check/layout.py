"""Rules about record files: a file's path is its record's IRI, and what else it holds belongs to that record.

``data/source/{host}.trig`` is the exception: it holds the sources of that host and nothing else. That every
statement stands in a source's graph, without blank nodes, is the reader's to refuse.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pyoxigraph import NamedNode, Quad

from natgraph.check.finding import Finding, Severity, Spot, in_order, short
from natgraph.layout import write
from natgraph.read import read_records
from natgraph.terms import BASE, NG, RDF, SCHEMA

# rule → message in Swedish and in English
RULES = {
    "file-without-its-record": (
        "Filen {file} beskriver inte {focus}. En fil heter som sin post: data/ + IRI:n efter id/ + .trig.",
        (
            "The file {file} does not describe {focus}. A file is named as its record: "
            "data/ + the IRI after id/ + .trig."
        ),
    ),
    "stranger-in-file": (
        (
            "{focus} står i {file} men pekar inte på filens post. Flytta den till en egen fil, "
            "eller ange hur den hör till posten."
        ),
        (
            "{focus} stands in {file} but does not point at the file's record. Move it to a file of its own, "
            "or say how it belongs to the record."
        ),
    ),
    "not-in-canonical-layout": (
        "Filen {file} är inte i den kanoniska layouten. Kör `natgraph fmt`.",
        "The file {file} is not in the canonical layout. Run `natgraph fmt`.",
    ),
    "not-a-source": (
        "{focus} står i källfilen {file} men är ingen ng:Source. I data/source/ ska bara källor stå.",
        "{focus} stands in the source file {file} but is no ng:Source. Only sources belong in data/source/.",
    ),
    "source-of-another-host": (
        "Källan {focus} har en adress på en annan värd än {file}. Flytta den till värdens fil (utan www).",
        (
            "The source {focus} has an address on another host than {file}. Move it to the host's file "
            "(without www)."
        ),
    ),
}


def check_layout(data: Path) -> list[Finding]:
    """What is out of place in the record files below ``data``.

    Raises DataFault for a file that cannot be read as record file.
    """
    return in_order(f for path in sorted(data.rglob("*.trig")) for f in _of_file(data, path))


def _of_file(data: Path, path: Path) -> Iterator[Finding]:
    quads = list(read_records([path]))
    name = path.relative_to(data).with_suffix("").as_posix()
    record = NamedNode(f"{BASE}id/{name}")
    if write(quads) != path.read_text(encoding="utf-8"):
        yield _finding("not-in-canonical-layout", record.value, path)
    yield from _of_sources(path, quads) if name.startswith("source/") else _of_record(path, record, quads)


def _of_record(path: Path, record: NamedNode, quads: list[Quad]) -> Iterator[Finding]:
    if not any(q.subject == record for q in quads):
        yield _finding("file-without-its-record", record.value, path)
    for stranger in sorted(_subjects(quads) - _belonging(record, quads)):
        yield _finding("stranger-in-file", stranger, path)


def _belonging(record: NamedNode, quads: list[Quad]) -> set[str]:
    """The record, the subjects that point at it, and those that point at one of these."""
    belonging = {record.value}
    for _step in range(2):
        belonging |= {
            q.subject.value
            for q in quads
            if isinstance(q.subject, NamedNode)
            and isinstance(q.object, NamedNode)
            and q.object.value in belonging
        }
    return belonging


def _of_sources(path: Path, quads: list[Quad]) -> Iterator[Finding]:
    sources = {
        q.subject.value
        for q in quads
        if isinstance(q.subject, NamedNode) and q.predicate == RDF["type"] and q.object == NG["Source"]
    }
    for stranger in sorted(_subjects(quads) - sources):
        yield _finding("not-a-source", stranger, path)
    for quad in quads:
        if quad.predicate == SCHEMA["url"] and isinstance(quad.subject, NamedNode):
            yield from _of_address(path, quad.subject.value, quad.object)


def _of_address(path: Path, source: str, address: object) -> Iterator[Finding]:
    if isinstance(address, NamedNode) and host(address.value) != path.stem:
        yield _finding("source-of-another-host", source, path, "schema:url", str(address))


def host(address: str) -> str:
    """The host of an address as source files are named: lower case, without www or a final dot.

    >>> host("https://www.Example.org/page")
    'example.org'
    """
    return (urlsplit(address).hostname or "").removeprefix("www.").rstrip(".")


def _subjects(quads: Iterable[Quad]) -> set[str]:
    return {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}


def _finding(
    rule: str, focus: str, path: Path, field: str | None = None, value: str | None = None
) -> Finding:
    words = {"focus": focus, "file": path.name}
    sv, en = (text.format(**words) for text in RULES[rule])
    spot = Spot(path, _line(path, focus, value))
    return Finding(focus, Severity.VIOLATION, rule, {"sv": sv, "en": en}, path=field, value=value, spot=spot)


def _line(path: Path, focus: str, value: str | None) -> int:
    """The line that mentions the value, else the one that begins with the thing, else the first."""
    lines = path.read_text(encoding="utf-8").splitlines()
    begins = re.compile(rf"\s*(<{re.escape(focus)}>|{re.escape(short(focus))})")
    mentions = (n for n, line in enumerate(lines, 1) if value is not None and value in line)
    return next(mentions, next((n for n, line in enumerate(lines, 1) if begins.match(line)), 1))
