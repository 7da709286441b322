"""What a visitor's query is, seen before it is sent elsewhere.

Stores of other makes have functions that reach files and networks (Virtuoso's ``bif:http_get``). So a query
is sent only if our own engine can read it, functions included, and if it names nothing in the namespaces of
such functions.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from pyoxigraph import NamedNode, Store, Variable

from natgraph.engine.dataset import named_by
from natgraph.errors import QueryFailed, QueryForbidden, QuerySyntax
from natgraph.guard import admit
from natgraph.queries import syntax_error
from natgraph.tokens import Token, tokens, unescape

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
_FORMS: Mapping[str, Form] = MappingProxyType(
    {"SELECT": "SELECT", "ASK": "ASK", "CONSTRUCT": "CONSTRUCT", "DESCRIBE": "DESCRIBE"}
)
_CODE = ("bif:", "sql:", "java:", "javascript:")
"""Namespaces by which Virtuoso and Jena call code of the server."""
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Asked:
    """A query's form, the dataset it names itself (FROM, FROM NAMED), and whether it says GRAPH."""

    form: Form
    default_graphs: list[str]
    named_graphs: list[str]
    says_graph: bool


def look_at(query: str) -> Asked:
    """What a query is that may be sent.

    Raises QueryForbidden, QuerySyntax with line and column, QueryFailed. Some texts take long to read: do it
    where it can be ended.
    """
    admit(query)
    _read(query)
    words = list(tokens(unescape(query)))
    _no_code(words)
    says_graph = any(token.kind == "word" and token.text.upper() == "GRAPH" for token in words)
    return Asked(_form(words), *named_by(query), says_graph)


def _form(words: list[Token]) -> Form:
    """The first word that is one of the four; what stands before it are BASE and PREFIX lines."""
    for token in words:
        if token.kind == "word" and (form := _FORMS.get(token.text.upper())):
            return form
    raise QuerySyntax("This is not SPARQL 1.1: it is no SELECT, ASK, CONSTRUCT or DESCRIBE.")


def _read(query: str) -> None:
    """Let our engine read a query, which stops before it runs: a variable to be bound is not there."""
    absent = Variable(f"absent_{hashlib.sha256(query.encode()).hexdigest()}")
    try:
        Store().query(query, substitutions={absent: NamedNode("urn:absent")})
    except SyntaxError as error:
        raise syntax_error(query, str(error.msg)) from error
    except (RuntimeError, ValueError) as error:
        if absent.value not in str(error):
            raise QueryFailed(f"This query cannot be answered: {error}") from error


def _no_code(words: list[Token]) -> None:
    for iri in _iris(words):
        if iri.lower().startswith(_CODE):
            raise QueryForbidden(
                f"The query names <{iri[:80]}>: functions of one make of server are not called."
            )


def _iris(words: list[Token]) -> Iterator[str]:
    """Every IRI a query names, prefixed names written out."""
    prefixes: dict[str, str] = {}
    for at, token in enumerate(words):
        if token.kind == "iri":
            if at > 1 and words[at - 2].kind == "word" and words[at - 2].text.upper() == "PREFIX":
                prefixes[words[at - 1].text] = token.text[1:-1]
            yield token.text[1:-1]
        elif token.kind == "name":
            prefix, colon, local = token.text.partition(":")
            yield prefixes.get(prefix + colon, "") + _ESCAPED.sub(r"\1", local)
