"""Stores' answers, read as strictly as we can and written in the client's format."""

import io
from collections.abc import Iterator
from typing import IO, cast

from pyoxigraph import (
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from natgraph.errors import UpstreamFailed
from natgraph.remote.asked import Form
from natgraph.terms import PREFIXES, XSD

TABLES = "application/sparql-results+json"
"""Not XML: its reader takes white space from the ends of texts."""

GRAPH = "application/n-triples, text/turtle;q=0.5"
_ASK, _ONE = "__ASK_RETVAL", Literal("1", datatype=XSD["integer"])
_GRAPHS = (RdfFormat.N_TRIPLES, RdfFormat.TURTLE)


def is_table(form: Form) -> bool:
    """Whether queries of that form are answered with a table or a truth value, not a graph."""
    return form in ("SELECT", "ASK")


def readable(form: Form, media_type: str) -> bool:
    """Whether an answer of that media type to a query of that form can be read."""
    if is_table(form):
        return QueryResultsFormat.from_media_type(media_type) == QueryResultsFormat.JSON
    return RdfFormat.from_media_type(media_type) in _GRAPHS


def table(source: IO[bytes], media_type: str, form: Form) -> QuerySolutions | QueryBoolean:
    """A table or a truth value; raises UpstreamFailed if it is broken or not what was asked for."""
    try:
        results = parse_query_results(source, QueryResultsFormat.from_media_type(media_type))
        if form == "ASK" and isinstance(results, QuerySolutions):
            return _truth(results)
    except (SyntaxError, ValueError) as error:
        raise _broken() from error
    if isinstance(results, QueryBoolean) != (form == "ASK"):
        raise UpstreamFailed("The store's answer is not of the kind that was asked for.")
    return results


def rewrite(source: IO[bytes], media_type: str, form: Form, out: IO[bytes], into: str) -> None:
    """Write a store's answer anew as the media type ``into``, part by part.

    Raises UpstreamFailed if it is broken; by then some of it may be written.
    """
    try:
        if is_table(form):
            wanted = QueryResultsFormat.from_media_type(into)
            table(source, media_type, form).serialize(out, wanted)
        else:
            prefixes = dict(PREFIXES)
            serialize(_triples(source, media_type), out, RdfFormat.from_media_type(into), prefixes=prefixes)
    except (SyntaxError, ValueError) as error:
        raise _broken() from error


def _triples(source: IO[bytes], media_type: str) -> Iterator[Triple]:
    for quad in parse(source, RdfFormat.from_media_type(media_type)):
        yield Triple(quad.subject, quad.predicate, quad.object)


def _truth(rows: QuerySolutions) -> QueryBoolean:
    """Virtuoso 7 answers ASK with a table of one cell, 1, or of none."""
    cells = [value for row in rows for value in row]
    if [variable.value for variable in rows.variables] != [_ASK] or cells not in ([_ONE], []):
        raise UpstreamFailed("The store's answer is not of the kind that was asked for.")
    body = b'{"head":{},"boolean":true}' if cells else b'{"head":{},"boolean":false}'
    return cast(QueryBoolean, parse_query_results(io.BytesIO(body), QueryResultsFormat.JSON))


def _broken() -> UpstreamFailed:
    return UpstreamFailed("The store's answer is broken.")
