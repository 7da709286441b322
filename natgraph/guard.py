"""What a visitor's query and a writer's update may not do, decided before it runs: call out, nest deeply.

SERVICE is a reserved word: where it stands outside of texts, IRIs, names and comments, it is a call to
another server (SPARQL 1.1 Federated Query, section 2), however deep it hides in EXISTS, OPTIONAL or
sub-queries. The same holds for LOAD in updates (SPARQL 1.1 Update, section 3.1.4). Updates among queries are
refused by the engine, which is asked for queries only.
"""

from natgraph.errors import QueryForbidden
from natgraph.tokens import tokens, unescape

MAX_DEPTH = 200
"""How many brackets may stand open at once; the engine's own parser gives up at some 900."""

_OPEN, _CLOSE = frozenset("({["), frozenset(")}]")


def admit(query: str) -> None:
    """Let a query pass that is safe to run; raises QueryForbidden with the reason otherwise."""
    _admit(query, "query", ("SERVICE",))


def admit_update(update: str) -> None:
    """Let an update pass that is safe to run; raises QueryForbidden with the reason otherwise."""
    _admit(update, "update", ("SERVICE", "LOAD"))


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


def _admit(text: str, kind: str, calls: tuple[str, ...]) -> None:
    depth = max_depth(text)
    if depth > MAX_DEPTH:
        raise QueryForbidden(f"The {kind} nests {depth} brackets; at most {MAX_DEPTH} are read.")
    for word in calls:
        if _has(text, word) or _has(unescape(text), word):
            raise QueryForbidden(f"{word} is switched off: this endpoint never calls other servers.")


def _has(text: str, word: str) -> bool:
    if word.lower() not in text.lower():
        return False
    return any(token.kind == "word" and token.text.upper() == word for token in tokens(text))
