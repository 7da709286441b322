"""What counts as a label, and how labels and types are read from N-Quads."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from natgraph.errors import DataFault
from natgraph.terms import DCTERMS, FOAF, NG, ORG, RDF, RDFS, SCHEMA, SKOS, Namespace

_DC = Namespace("dc", "http://purl.org/dc/elements/1.1/")
_OLD_SCHEMA = Namespace("sdo", "http://schema.org/")

PREFERRED, ALTERNATIVE, IDENTIFIER = range(3)
"""The ranks of labels: what a thing is called, what else it is called, its numbers and codes."""

PROPERTIES: tuple[tuple[int, NamedNode], ...] = (
    (PREFERRED, SKOS["prefLabel"]),
    (PREFERRED, RDFS["label"]),
    (PREFERRED, FOAF["name"]),
    (PREFERRED, SCHEMA["name"]),
    (PREFERRED, _OLD_SCHEMA["name"]),
    (PREFERRED, DCTERMS["title"]),
    (PREFERRED, _DC["title"]),
    (ALTERNATIVE, SKOS["altLabel"]),
    (ALTERNATIVE, SCHEMA["alternateName"]),
    (ALTERNATIVE, _OLD_SCHEMA["alternateName"]),
    *(
        (IDENTIFIER, node)
        for node in (
            DCTERMS["identifier"],
            SKOS["notation"],
            ORG["identifier"],
            SCHEMA["isbn"],
            NG["organisationNumber"],
            NG["caseNumber"],
            NG["municipalityCode"],
            NG["lauCode"],
            NG["countyCode"],
            NG["nutsCode"],
            NG["isni"],
        )
    ),
)
"""The properties whose values are labels; of two names of one rank the one named first here is shown."""

_PLACE = {node: place for place, (_, node) in enumerate(PROPERTIES)}
_TYPE = RDF["type"]
_WRITTEN = frozenset(str(node).encode() for node in (_TYPE, *_PLACE))
_LINES = 5000


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a thing; ``place`` is that of its property in PROPERTIES."""

    iri: str
    text: str
    language: str | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Typed:
    """That a thing is of a class."""

    iri: str
    class_iri: str


Row = Label | Typed


def read_rows(nquads: Path) -> Iterator[Row]:
    """The labels and types in a file of N-Quads with white space between its terms, a few lines at a time.

    Things without an IRI are left out. Raises DataFault for a file that cannot be read.
    """
    try:
        with nquads.open("rb") as file:
            lines = filter(_is_wanted, file)
            while chunk := b"".join(islice(lines, _LINES)):
                for quad in parse(chunk, RdfFormat.N_QUADS):
                    yield from _row(quad)
    except (OSError, SyntaxError) as error:
        raise DataFault(nquads, 1, 1, str(error), "give a readable file of N-Quads") from error


def _is_wanted(line: bytes) -> bool:
    return not _WRITTEN.isdisjoint(line.split(None, 2)[1:2])


def _row(quad: Quad) -> Iterator[Row]:
    thing, value = quad.subject, quad.object
    if not isinstance(thing, NamedNode):
        return
    if quad.predicate == _TYPE and isinstance(value, NamedNode):
        yield Typed(thing.value, value.value)
    elif isinstance(value, Literal) and (place := _PLACE.get(quad.predicate)) is not None:
        yield Label(thing.value, value.value, value.language and value.language.lower(), place)
