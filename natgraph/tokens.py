"""The words of a SPARQL query, as far as safety needs them (SPARQL 1.1, section 19.8: the terminals).

Reserved words stand out from texts, IRIs, names, variables and comments, so that a word such as SERVICE can
be told from what merely looks like it, also in queries that no parser at hand reads.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|\#[^\n\r]*)
    | (?P<text>\"{3}(?:(?!\"{3})(?:\\.|[^\\]))*\"{3} | '{3}(?:(?!'{3})(?:\\.|[^\\]))*'{3}
             | "(?:\\.|[^"\\\n\r])*" | '(?:\\.|[^'\\\n\r])*')
    | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:\w(?:[\w.\-·]*[\w\-·])?)?:(?:(?:[\w:.\-·%]|\\.)*(?:[\w:\-·%]|\\.))?)
    | (?P<word>\w+)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OPEN, _CLOSE = frozenset("({["), frozenset(")}]")


@dataclass(frozen=True)
class Token:
    """A piece of a query: its kind (text, iri, variable, name, word, mark), itself, and the open brackets."""

    kind: str
    text: str
    depth: int


def tokens(query: str) -> Iterator[Token]:
    """The pieces of a query in order, without white space and comments."""
    depth = 0
    for match in _TOKEN.finditer(query):
        kind, text = match.lastgroup or "mark", match.group()
        if kind == "mark" and text in _OPEN:
            depth += 1
        if kind != "space":
            yield Token(kind, text, depth)
        if kind == "mark" and text in _CLOSE:
            depth -= 1


def unescape(query: str) -> str:
    """The query with its codepoint escapes resolved, as the grammar sees it (SPARQL 1.1, section 19.2)."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= sys.maxunicode else "\ufffd"

    return _ESCAPE.sub(character, query)
