"""Rules about record files: a file's path is its record's IRI, and what else it holds belongs to that record.

``data/source/{host}.trig`` is the exception: it holds the sources of that host and nothing else. That every
statement stands in a source's graph, without blank nodes, is the reader's to refuse.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Misplaced:
    """A thing that stands in the wrong file: by which rule, and for which value of which property."""

    rule: str
    focus: str
    field: str | None = None
    value: str | None = None


def misplaced(name: str, quads: list[Quad]) -> Iterator[Misplaced]:
    """What does not belong in the record file ``data/{name}.trig`` with these statements."""
    if name.startswith("source/"):
        yield from _of_sources(name.removeprefix("source/"), quads)
    else:
        yield from _of_record(NamedNode(f"{BASE}id/{name}"), quads)


def _of_file(data: Path, path: Path) -> Iterator[Finding]:
    quads = list(read_records([path]))
    name = path.relative_to(data).with_suffix("").as_posix()
    if write(quads) != path.read_text(encoding="utf-8"):
        yield _finding(Misplaced("not-in-canonical-layout", f"{BASE}id/{name}"), path)
    for fault in misplaced(name, quads):
        yield _finding(fault, path)


def _of_record(record: NamedNode, quads: list[Quad]) -> Iterator[Misplaced]:
    if not any(q.subject == record for q in quads):
        yield Misplaced("file-without-its-record", record.value)
    for stranger in sorted(_subjects(quads) - _belonging(record, quads)):
        yield Misplaced("stranger-in-file", stranger)


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


def _of_sources(name: str, quads: list[Quad]) -> Iterator[Misplaced]:
    sources = {
        q.subject.value
        for q in quads
        if isinstance(q.subject, NamedNode) and q.predicate == RDF["type"] and q.object == NG["Source"]
    }
    for stranger in sorted(_subjects(quads) - sources):
        yield Misplaced("not-a-source", stranger)
    for quad in quads:
        if quad.predicate == SCHEMA["url"] and isinstance(quad.subject, NamedNode):
            yield from _of_address(name, quad.subject.value, quad.object)


def _of_address(name: str, source: str, address: object) -> Iterator[Misplaced]:
    if isinstance(address, NamedNode) and host(address.value) != name:
        yield Misplaced("source-of-another-host", source, "schema:url", str(address))


def host(address: str) -> str:
    """The host of an address as source files are named: lower case, without www or a final dot.

    >>> host("https://www.Example.org/page")
    'example.org'
    """
    return (urlsplit(address).hostname or "").removeprefix("www.").rstrip(".")


def _subjects(quads: Iterable[Quad]) -> set[str]:
    return {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}


def _finding(fault: Misplaced, path: Path) -> Finding:
    spot = Spot(path, _line(path, fault.focus, fault.value))
    message = message_of(fault, path.name)
    return Finding(
        fault.focus, Severity.VIOLATION, fault.rule, message, path=fault.field, value=fault.value, spot=spot
    )


def message_of(fault: Misplaced, file: str) -> dict[str, str]:
    """What is wrong and how to mend it, by language."""
    sv, en = (text.format(focus=fault.focus, file=file) for text in RULES[fault.rule])
    return {"sv": sv, "en": en}


def _line(path: Path, focus: str, value: str | None) -> int:
    """The line that mentions the value, else the one that begins with the thing, else the first."""
    lines = path.read_text(encoding="utf-8").splitlines()
    begins = re.compile(rf"\s*(<{re.escape(focus)}>|{re.escape(short(focus))})")
    mentions = (n for n, line in enumerate(lines, 1) if value is not None and value in line)
    return next(mentions, next((n for n, line in enumerate(lines, 1) if begins.match(line)), 1))
