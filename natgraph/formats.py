"""The formats answers come in: media types, short names, and the engine's own serialisers.

SPARQL results: JSON, XML, CSV, TSV (SPARQL 1.1 results specifications). Graphs: Turtle, N-Triples,
RDF/XML, JSON-LD, N-Quads, TriG.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Protocol, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    serialize,
)

from natgraph.errors import QueryFailed
from natgraph.terms import PREFIXES


@dataclass(frozen=True)
class Format:
    """A serialisation: its short name, its media type, other names it goes by."""

    name: str
    media_type: str
    aliases: tuple[str, ...]
    engine: QueryResultsFormat | RdfFormat


RESULTS: tuple[Format, ...] = (
    Format("json", "application/sparql-results+json", ("application/json",), QueryResultsFormat.JSON),
    Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml"), QueryResultsFormat.XML),
    Format("csv", "text/csv", (), QueryResultsFormat.CSV),
    Format("tsv", "text/tab-separated-values", (), QueryResultsFormat.TSV),
)
GRAPHS: tuple[Format, ...] = (
    Format("ttl", "text/turtle", ("application/x-turtle",), RdfFormat.TURTLE),
    Format("nt", "application/n-triples", ("text/plain",), RdfFormat.N_TRIPLES),
    Format("rdf", "application/rdf+xml", ("application/xml",), RdfFormat.RDF_XML),
    Format("jsonld", "application/ld+json", ("application/json",), RdfFormat.JSON_LD),
    Format("nq", "application/n-quads", (), RdfFormat.N_QUADS),
    Format("trig", "application/trig", (), RdfFormat.TRIG),
)


def by_name(name: str, among: Sequence[Format]) -> Format | None:
    """The format of that short name or media type, if there is one."""
    return next((f for f in among if name in (f.name, f.media_type)), None)


class Writable(Protocol):
    """What results can be written into."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes and say how many were taken."""


def write_to(results: QuerySolutions | QueryBoolean | QueryTriples, form: Format, out: Writable) -> None:
    """Write a query's results, row by row, in a format of their kind (RESULTS or GRAPHS).

    Raises QueryFailed when evaluation breaks.
    """
    try:
        if isinstance(results, QueryTriples):
            assert isinstance(form.engine, RdfFormat)  # noqa: S101 - the caller picks from GRAPHS
            serialize(results, cast(IO[bytes], out), form.engine, prefixes=dict(PREFIXES))
        else:
            assert isinstance(form.engine, QueryResultsFormat)  # noqa: S101 - the caller picks from RESULTS
            results.serialize(cast(IO[bytes], out), form.engine)
    except (RuntimeError, ValueError) as error:
        raise QueryFailed(f"This query cannot be answered: {error}") from error


def write(results: QuerySolutions | QueryBoolean | QueryTriples, form: Format) -> bytes:
    """The bytes of a query's results in a format of their kind; raises QueryFailed when evaluation breaks."""
    out = BytesIO()
    write_to(results, form, out)
    return out.getvalue()
