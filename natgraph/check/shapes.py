"""Shapes (W3C SHACL) as the engines get them, and what findings tell of each: its path and its message."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from natgraph.check.paths import objects, path_text
from natgraph.errors import NatgraphError
from natgraph.queries import Term
from natgraph.terms import RDF, SH


@dataclass(frozen=True)
class Told:
    """What a finding of a shape tells: the shape's property path, and its message by language."""

    path: str | None
    message: Mapping[str, str]


@dataclass(frozen=True)
class Shapes:
    """The shapes of a folder: the graph that engines apply, and what to tell of each shape, by its IRI."""

    graph: Store
    told: Mapping[str, Told]


def read_shapes(folder: Path) -> Shapes:
    """The shapes of a folder's Turtle files, aimed at their targets.

    Raises NatgraphError when they cannot be read, when there are none, or when one with a target has no IRI.
    """
    graph = load_shapes(folder)
    aim(graph)
    named = {quad.subject for name in ("path", "message") for quad in _all(graph, SH[name])}
    return Shapes(graph, {name.value: _told(graph, name) for name in named if isinstance(name, NamedNode)})


def load_shapes(folder: Path) -> Store:
    """The shapes of a folder's Turtle files as they are written; raises as ``read_shapes``."""
    graph = Store()
    for path in sorted(folder.glob("*.ttl")):
        try:
            graph.load(path=str(path), format=RdfFormat.TURTLE)
        except SyntaxError as error:
            raise NatgraphError(f"The shapes in {folder} cannot be applied: {path.name}: {error}") from error
    if not any(quad.object == SH["NodeShape"] for quad in _all(graph, RDF["type"])):
        raise NatgraphError(f"The shapes in {folder} cannot be applied: there are none")
    if not all(isinstance(quad.subject, NamedNode) for quad in _all(graph, SH["targetClass"])):
        raise NatgraphError(f"The shapes in {folder} cannot be applied: one with a target has no IRI")
    return graph


def aim(graph: Store) -> None:
    """Let the property shapes of targeted node shapes have these targets themselves.

    That gives the same results. pyshacl then takes all records at once and not one by one, which is several
    times quicker; shifty names the property shape that fails, and not only the one that holds it.
    """
    moved = [
        (held, Quad(held.object, SH["targetClass"], target.object))
        for target in _all(graph, SH["targetClass"])
        if stands_alone(graph, target.subject)
        for held in graph.quads_for_pattern(target.subject, SH["property"], None)
        if isinstance(held.object, NamedNode)
    ]
    for held, aimed in moved:
        graph.add(aimed)
        graph.remove(held)


def stands_alone(graph: Store, shape: Term) -> bool:
    """Whether a shape is applied to its targets only, and not by another shape."""
    return not any(graph.quads_for_pattern(None, None, shape))


def as_ntriples(graph: Store) -> bytes:
    """The statements of a graph, as engines read them."""
    return graph.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""


def _told(graph: Store, shape: NamedNode) -> Told:
    paths = objects(graph, shape, SH["path"])
    texts = {m.language: m.value for m in objects(graph, shape, SH["message"]) if isinstance(m, Literal)}
    return Told(
        path_text(graph, paths[0]) if paths else None,
        {language: texts.get(language, "") for language in ("sv", "en")},
    )


def _all(graph: Store, predicate: NamedNode) -> list[Quad]:
    return list(graph.quads_for_pattern(None, predicate, None))
