"""What a visitor's query may not do, decided before it runs: no SERVICE, no deep nesting.

SERVICE is a reserved word: where it stands outside of texts, IRIs, names and comments, it is a call to
another server (SPARQL 1.1 Federated Query, section 2), however deep it hides in EXISTS, OPTIONAL or
sub-queries. Updates are refused by the engine, which is asked for queries only.
"""

from natgraph.errors import QueryForbidden
from natgraph.tokens import tokens, unescape

MAX_DEPTH = 200
"""How many brackets may stand open at once; the engine's own parser gives up at some 900."""

_OPEN, _CLOSE = frozenset("({["), frozenset(")}]")


def admit(query: str) -> None:
    """Let a query pass that is safe to run; raises QueryForbidden with the reason otherwise."""
    depth = max_depth(query)
    if depth > MAX_DEPTH:
        raise QueryForbidden(f"The query nests {depth} brackets; at most {MAX_DEPTH} are read.")
    if _calls_out(query) or _calls_out(unescape(query)):
        raise QueryForbidden("SERVICE is switched off: this endpoint never calls other servers.")


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


def _calls_out(query: str) -> bool:
    if "service" not in query.lower():
        return False
    return any(token.kind == "word" and token.text.upper() == "SERVICE" for token in tokens(query))
