"""What a visitor's query may not do, decided before it runs: no update, no SERVICE, no deep nesting.

SERVICE is looked for in the parsed algebra, because it hides in EXISTS, OPTIONAL and sub-queries, and
because literals and names may look like it (SPARQL 1.1 Federated Query, section 2).
"""

import re
import sys
from collections.abc import Iterable, Iterator

from natgraph.errors import QueryForbidden

MAX_DEPTH = 200
"""How many brackets may stand open at once; the engine's own parser gives up at some 900."""

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OPEN, _CLOSE = frozenset("({["), frozenset(")}]")


def admit(query: str) -> None:
    """Let a query pass that is safe to run; raises QueryForbidden with the reason otherwise."""
    depth = max_depth(query)
    if depth > MAX_DEPTH:
        raise QueryForbidden(f"The query nests {depth} brackets; at most {MAX_DEPTH} are read.")
    if "service" in _unescape(query).lower() and _may_call_out(query):
        raise QueryForbidden("SERVICE is switched off: this endpoint never calls other servers.")


def dataset_of(query: str) -> tuple[list[str], list[str]]:
    """The graphs that the query itself names by FROM and by FROM NAMED, as IRIs.

    A query that cannot be read names none; the engine then tells what is wrong with it.
    """
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        clauses = translateQuery(parseQuery(_unescape(query))).algebra.datasetClause or []
    except Exception:  # noqa: BLE001 - the parser raises what it likes; the engine reads the query again
        return [], []
    default = [str(clause.default) for clause in clauses if clause.default]
    return default, [str(clause.named) for clause in clauses if clause.named]


def max_depth(query: str) -> int:
    """The largest number of brackets open at once; those in texts, IRIs and comments count too."""
    depth = deepest = 0
    for character in query:
        if character in _OPEN:
            depth += 1
            deepest = max(deepest, depth)
        elif character in _CLOSE:
            depth -= 1
    return deepest


def _unescape(query: str) -> str:
    """The query with its codepoint escapes resolved, as the grammar sees it (SPARQL 1.1, section 19.2)."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= sys.maxunicode else "\ufffd"

    return _ESCAPE.sub(character, query)


def _may_call_out(query: str) -> bool:
    """Whether the parsed query holds a SERVICE clause; a query that cannot be read is not trusted.

    The parser is loaded here, since few queries hold the word and loading takes a quarter of a second.
    """
    from pyparsing.exceptions import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parsed = parseQuery(_unescape(query))
    except (ParseBaseException, RecursionError, ValueError):
        return True
    return "ServiceGraphPattern" in _names(parsed)


def _names(tree: object) -> Iterator[str]:
    """The names of all clauses in a parsed query."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(tree, CompValue):
        yield tree.name
        parts: Iterable[object] = tree.values()
    elif isinstance(tree, ParseResults | list | tuple):
        parts = tree
    else:
        return
    for part in parts:
        yield from _names(part)
