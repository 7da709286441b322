"""Running queries in this process: the library's own, and those a user runs on the command line.

Parameters are bound as RDF terms, never pasted into the text.
"""

import re
from collections.abc import Mapping

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
)

from natgraph.errors import QueryFailed, QuerySyntax
from natgraph.guard import admit

Term = NamedNode | BlankNode | Literal | Triple


def run(
    store: Store, query: str, parameters: Mapping[str, Term] | None = None
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """The results of a SPARQL 1.1 query with the given variables bound to terms.

    Raises QueryForbidden for what visitors may not do, QuerySyntax with line and column for what is not a
    query (updates are not), QueryFailed for what the engine cannot answer.
    """
    admit(query)
    bound = {Variable(name): term for name, term in (parameters or {}).items()}
    try:
        return store.query(query, substitutions=bound)
    except SyntaxError as error:
        raise syntax_error(query, str(error.msg)) from error
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryFailed(f"The engine cannot answer this query: {error}") from error


def rows(store: Store, query: str, parameters: Mapping[str, Term] | None = None) -> list[dict[str, str]]:
    """The rows of a SELECT query as text: variable → value, unbound variables left out."""
    solutions = run(store, query, parameters)
    if not isinstance(solutions, QuerySolutions):
        raise QueryFailed("A table needs a SELECT query.")
    names = [v.value for v in solutions.variables]
    return [
        {n: t.value for n in names if isinstance(t := solution[n], NamedNode | Literal)}
        for solution in solutions
    ]


_HINTS = (
    ("Prefix not found", "a prefix is not declared, or a keyword is misspelt"),
    ("variable that is unbound", "a selected variable is neither grouped nor aggregated"),
    ("IRI parsing failed", "an IRI is malformed, or relative without a BASE"),
)
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD")


def syntax_error(query: str, message: str) -> QuerySyntax:
    """The engine's syntax error in our words, with the place it names."""
    words = [line.split()[0].upper() for line in query.splitlines() if line.split()]
    if any(word in _UPDATES for word in words):
        return QuerySyntax("This is an update; only SELECT, ASK, CONSTRUCT and DESCRIBE are answered here.")
    return _placed("SPARQL 1.1", message)


def update_error(message: str) -> QuerySyntax:
    """The engine's syntax error in an update in our words, with the place it names."""
    return _placed("a SPARQL 1.1 update", message)


def _placed(wanted: str, message: str) -> QuerySyntax:
    place = re.search(r"error at (\d+):(\d+)", message)
    if not place:
        return QuerySyntax(f"This is not {wanted}: {message}")
    line, column = int(place[1]), int(place[2])
    hint = next(
        (ours for theirs, ours in _HINTS if theirs in message), "something is missing or misspelt there"
    )
    where = f"reading stopped at line {line}, column {column}"
    return QuerySyntax(f"This is not {wanted}: {where}; {hint}.", line, column)
