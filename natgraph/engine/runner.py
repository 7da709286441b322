"""What a worker does with one request: guard, dataset, evaluation."""

from typing import Any

from pyoxigraph import DefaultGraph, QueryBoolean, QuerySolutions, QueryTriples, Store, Variable

from natgraph.bindings import heard
from natgraph.engine.dataset import merged, named_by, nodes
from natgraph.errors import QueryFailed
from natgraph.formats import GRAPHS, RESULTS, Format, by_name
from natgraph.guard import admit
from natgraph.queries import Term, syntax_error

Results = QuerySolutions | QueryBoolean | QueryTriples


def evaluate(store: Store, request: dict[str, Any]) -> tuple[Results, Format | None]:
    """The results of a request and the format to write them in (None: the client takes none).

    Raises QueryForbidden, QuerySyntax, QueryFailed.
    """
    query = request["query"]
    admit(query)
    try:
        bound: dict[Variable, Term] = {Variable(name): value for name, value in heard(request["bindings"])}
        results = _query(store, query, request["default_graphs"], request["named_graphs"], bound)
    except SyntaxError as error:
        raise syntax_error(query, str(error.msg)) from error
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryFailed(f"This query cannot be answered: {error}") from error
    is_graph = isinstance(results, QueryTriples)
    wanted = request["graph" if is_graph else "results"]
    return results, by_name(wanted, GRAPHS if is_graph else RESULTS) if wanted else None


def _query(
    store: Store, query: str, default: list[str], named: list[str], bound: dict[Variable, Term]
) -> Results:
    """Evaluate over the dataset that the protocol names, else the query, else the whole store."""
    if not (default or named):
        default, named = named_by(query)
    if not (default or named):
        return store.query(query, substitutions=bound)
    graphs, names = nodes(default), nodes(named)
    if len(graphs) > 1:
        store = merged(store, graphs, names)
        return store.query(query, default_graph=DefaultGraph(), named_graphs=names, substitutions=bound)
    return store.query(query, default_graph=[*graphs], named_graphs=names, substitutions=bound)
