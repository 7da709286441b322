"""The fast engine, Shifty, in this process; it finds what the reference engine finds, and a test proves it.

A full report takes it several times as long as the answer which nodes fail which shapes. So it is asked that
first, and then for a report on these nodes only, from the part of the graph that can be seen from them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize
from shifty._shifty import PreparedValidator  # the rest of the package wants rdflib's graphs

from natgraph.check.paths import objects
from natgraph.check.reach import Roads, reach, roads
from natgraph.check.shapes import Shapes, as_ntriples, stands_alone
from natgraph.errors import NatgraphError
from natgraph.terms import RDF, RDFS, SH

_DEFAULT = DefaultGraph()
_TARGETS = frozenset(SH[f"target{kind}"] for kind in ("", "Class", "Node", "SubjectsOf", "ObjectsOf"))
_QUERIES = frozenset({SH["select"], SH["ask"]})


class _Failure(NamedTuple):
    """A shape that a node fails, or may fail."""

    shape: NamedNode
    node: NamedNode


class _NameRule(NamedTuple):
    """A pattern for the IRIs of a class, and the statement that says it."""

    shape: NamedNode
    target: NamedNode
    pattern: re.Pattern[str]
    said: Quad


class Shifty:
    """The engine with shapes that it has read; raises NatgraphError for those it cannot apply."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes.graph
        self._roads = Roads(frozenset(quad.predicate for quad in shapes.graph))
        self._asks = any(quad.predicate in _QUERIES for quad in shapes.graph)
        self._names = list(_name_rules(shapes.graph))
        said = {rule.said for rule in self._names}
        self._quick = _prepared(quad.triple for quad in shapes.graph if quad not in said)

    def report(self, store: Store) -> bytes:
        """The validation report on a store's default graph, in Turtle."""
        merge = as_ntriples(store)
        failures = self._failures(store, merge)
        if failures is None or (failures and self._asks):
            return _report((quad.triple for quad in self._shapes), merge)
        if not failures:
            return b""
        failed = list(reach(self._shapes, {f.shape for f in failures}, self._roads))
        part = reach(store, {f.node for f in failures}, roads(failed))
        return _report(_aimed_at(failures, failed), serialize(part, format=RdfFormat.N_TRIPLES) or b"")

    def _failures(self, store: Store, merge: bytes) -> set[_Failure] | None:
        """What fails or, by its name, may fail; None if that cannot be told by IRIs."""
        try:
            found = self._quick.validate_algebra(
                merge, data_format="ntriples", graph_mode="data", run_infer=False, on_unsupported="error"
            )
        except ValueError as error:
            raise NatgraphError(f"The shapes cannot be applied: {error}") from error
        failures = set(_misnamed(store, self._names))
        for violation in found.violations:
            node, shape = violation.focus_node, violation.shape_name
            if shape is None or not node.startswith("<"):
                return None
            failures.add(_Failure(NamedNode(shape), NamedNode(node[1:-1])))
        return failures


def _aimed_at(failures: Iterable[_Failure], shapes: Iterable[Triple]) -> Iterator[Triple]:
    """The shapes, with the nodes that fail them as their only targets."""
    yield from (triple for triple in shapes if triple.predicate not in _TARGETS)
    yield from (Triple(f.shape, SH["targetNode"], f.node) for f in failures)


def _prepared(shapes: Iterable[Triple]) -> PreparedValidator:
    try:
        return PreparedValidator(
            shapes=serialize(shapes, format=RdfFormat.N_TRIPLES), shapes_format="ntriples"
        )
    except ValueError as error:
        raise NatgraphError(f"The shapes cannot be applied: {error}") from error


def _report(shapes: Iterable[Triple], data: bytes) -> bytes:
    result = _prepared(shapes).validate_w3c(
        data, data_format="ntriples", graph_mode="data", run_infer=False, on_unsupported="error"
    )
    return result.report_turtle.encode()


def _name_rules(shapes: Store) -> Iterator[_NameRule]:
    """The patterns for IRIs of classes, which the engine would compile anew for every single thing."""
    for said in shapes.quads_for_pattern(None, SH["pattern"], None):
        shape, pattern = said.subject, said.object
        if isinstance(shape, NamedNode) and isinstance(pattern, Literal) and _is_for_classes(shapes, shape):
            for target in objects(shapes, shape, SH["targetClass"]):
                if isinstance(target, NamedNode):
                    yield _NameRule(shape, target, _compiled(pattern.value), said)


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise NatgraphError(f"The shapes cannot be applied: the pattern {pattern}: {error}") from error


def _is_for_classes(shapes: Store, shape: NamedNode) -> bool:
    """Whether a shape is applied to instances of classes only, themselves and not their properties."""
    others = (SH["path"], SH["flags"], *(_TARGETS - {SH["targetClass"]}))
    return (
        stands_alone(shapes, shape)
        and objects(shapes, shape, RDF["type"]) == [SH["NodeShape"]]
        and not any(objects(shapes, shape, other) for other in others)
    )


def _misnamed(store: Store, rules: Iterable[_NameRule]) -> Iterator[_Failure]:
    """The things whose IRIs do not match the pattern of their class."""
    for rule in rules:
        for node in _instances(store, rule.target):
            if not rule.pattern.search(node.value):
                yield _Failure(rule.shape, node)


def _instances(store: Store, target: NamedNode) -> Iterator[NamedNode]:
    classes = [target]
    for one in classes:  # grows as it goes
        below = store.quads_for_pattern(None, RDFS["subClassOf"], one, _DEFAULT)
        classes += [q.subject for q in below if isinstance(q.subject, NamedNode) and q.subject not in classes]
        for quad in store.quads_for_pattern(None, RDF["type"], one, _DEFAULT):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject
