"""What a write asks for: an update (SPARQL 1.1 Update) or a whole graph (Graph Store HTTP Protocol)."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from natgraph.errors import NoSuchGraph, QuerySyntax, WriteFailed, WriteRefused
from natgraph.formats import GRAPHS, by_name
from natgraph.guard import admit_update
from natgraph.queries import update_error
from natgraph.writes.graphs import DEFAULT, node

_SINGLE = ("ttl", "nt", "rdf", "jsonld")


@dataclass(frozen=True)
class Update:
    """A SPARQL 1.1 update request: one operation, or several with ``;`` between."""

    operation: ClassVar[str] = "update"
    text: str
    graph: ClassVar[None] = None

    def perform(self, store: Store) -> None:
        """Do it to a store; raises QueryForbidden, QuerySyntax, WriteFailed."""
        admit_update(self.text)
        try:
            store.update(self.text)
        except SyntaxError as error:
            raise update_error(str(error.msg)) from error
        except (RuntimeError, ValueError, OSError) as error:
            raise WriteFailed(f"The update cannot be done: {error}") from error

    def told(self) -> dict[str, Any]:
        """The change as JSON."""
        return {"operation": self.operation, "text": self.text}


@dataclass(frozen=True)
class Put:
    """The content of a graph is replaced by ``body``, RDF in the format of that short name or media type.

    ``graph`` is its IRI, or the empty text for the default graph. Relative IRIs are relative to the graph's.
    """

    operation: ClassVar[str] = "put"
    graph: str
    body: bytes
    form: str

    def perform(self, store: Store) -> None:
        """Do it to a store; raises QuerySyntax, WriteRefused."""
        quads = _parsed(self.graph, self.body, self.form)
        store.clear_graph(node(self.graph))
        store.extend(quads)

    def told(self) -> dict[str, Any]:
        """The change as JSON."""
        body = b64encode(self.body).decode()
        return {"operation": self.operation, "graph": self.graph, "body": body, "form": self.form}


@dataclass(frozen=True)
class Post(Put):
    """The statements in ``body`` are added to a graph."""

    operation: ClassVar[str] = "post"

    def perform(self, store: Store) -> None:
        """Do it to a store; raises QuerySyntax, WriteRefused."""
        store.extend(_parsed(self.graph, self.body, self.form))


@dataclass(frozen=True)
class Delete:
    """A graph is emptied, and is no more by that."""

    operation: ClassVar[str] = "delete"
    graph: str

    def perform(self, store: Store) -> None:
        """Do it to a store; raises NoSuchGraph, WriteRefused."""
        graph = node(self.graph)
        if next(store.quads_for_pattern(None, None, None, graph), None) is None and self.graph != DEFAULT:
            raise NoSuchGraph(f"There is no graph {self.graph}.")
        store.clear_graph(graph)

    def told(self) -> dict[str, Any]:
        """The change as JSON."""
        return {"operation": self.operation, "graph": self.graph}


Change = Update | Put | Post | Delete


def retold(told: Mapping[str, Any]) -> Change:
    """The change that ``told`` gave."""
    makers: dict[str, Callable[[Mapping[str, Any]], Change]] = {
        "update": lambda t: Update(t["text"]),
        "put": lambda t: Put(t["graph"], b64decode(t["body"]), t["form"]),
        "post": lambda t: Post(t["graph"], b64decode(t["body"]), t["form"]),
        "delete": lambda t: Delete(t["graph"]),
    }
    return makers[told["operation"]](told)


def _parsed(graph: str, body: bytes, form: str) -> list[Quad]:
    """The statements of a body in that graph; its blank nodes are none of the store's."""
    chosen = by_name(form, GRAPHS)
    if chosen is None or chosen.name not in _SINGLE or not isinstance(chosen.engine, RdfFormat):
        raise WriteRefused(f"A graph is written as one of {', '.join(_SINGLE)}, not as {form}.")
    try:
        return _in(node(graph), body, chosen.engine, graph or None)
    except SyntaxError as error:
        what = str(error.msg).partition(": ")[2] or str(error.msg)
        text = f"This is not {chosen.media_type}: {what}"
        raise QuerySyntax(text, error.lineno, error.offset) from error
    except (ValueError, OSError) as error:
        raise QuerySyntax(f"This is not {chosen.media_type}: {error}") from error


def _in(name: NamedNode | DefaultGraph, body: bytes, form: RdfFormat, base: str | None) -> list[Quad]:
    found = parse(input=body, format=form, base_iri=base, without_named_graphs=True, rename_blank_nodes=True)
    return [Quad(q.subject, q.predicate, q.object, name) for q in found]
