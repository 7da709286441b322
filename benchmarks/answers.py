"""Whether servers give the same answers: the number of rows and a digest of the sorted rows.

Numbers are compared as numbers; how they are written is left to the engine.
"""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from client import Query, Reply
from pyoxigraph import RdfFormat, parse

UNORDERED = {"11-rows"}
"""Queries that leave to the engine which rows it gives: only their number is compared."""


@dataclass(frozen=True)
class Summary:
    """What is compared of an answer."""

    rows: int
    digest: str


def summary(query: Query, reply: Reply) -> Summary:
    """Rows and digest of an answer; a graph's rows are its triples, each once."""
    rows = _table(reply.body) if "json" in reply.media_type else _graph(reply)
    if query.name in UNORDERED:
        return Summary(len(rows), "")
    return Summary(len(rows), hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest())


def _table(body: bytes) -> list[str]:
    answer = json.loads(body)
    names = answer["head"]["vars"]
    return ["\t".join(_term(row.get(name)) for name in names) for row in answer["results"]["bindings"]]


def _term(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    kind = term.get("datatype", "").rpartition("#")[2]
    if kind in {"integer", "decimal", "double"}:
        return _number(term["value"])
    return f"{term['type']} {term['value']} {term.get('xml:lang', '')} {'' if kind == 'string' else kind}"


def _number(text: str) -> str:
    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        return text


def _graph(reply: Reply) -> list[str]:
    form = RdfFormat.from_media_type(reply.media_type)
    if form is None:  # rdflib-endpoint calls a description a table
        form = RdfFormat.RDF_XML if "xml" in reply.media_type else RdfFormat.N_TRIPLES
    return list({str(quad.triple) for quad in parse(reply.body, form)})
