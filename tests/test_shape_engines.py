"""pyshacl and shifty find the same: focus, severity, shape, constraint component, path and value.

Compared are the real graph, all invalid cases of ``tests/shapes``, and shapes of kinds that ours do not use
(``tests/engines``).
"""

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from natgraph.check import engine_for
from natgraph.check.reach import reach, roads
from natgraph.check.shacl import LARGE, ShapeCheck
from natgraph.check.shapes import read_shapes
from natgraph.errors import NatgraphError
from natgraph.terms import BASE, RDFS, SH, XSD
from tests.test_shapes import CASES, ID, expected, graph_of, quads_of

pytestmark = pytest.mark.xdist_group("shapes")

ENGINES = ("pyshacl", "shifty")
KINDS = Path(__file__).parent / "engines"
INVALID = [path for path in CASES if path.name.startswith("invalid.")]
EX = "https://example.org/"
PREFIXES = f"@prefix : <{EX}> . @prefix sh: <{SH.iri}> . @prefix xsd: <{XSD.iri}> ."


def graph(text):
    store = Store()
    store.load(f"{PREFIXES} {text}", RdfFormat.TURTLE)
    return store


def is_targeted(quad):
    return quad.predicate.value.startswith(f"{SH.iri}target")


def checks(folder, text):
    """The check with the shapes of a text."""
    (folder / "shapes.ttl").write_text(f"{PREFIXES} {text}", encoding="utf-8")
    return ShapeCheck(read_shapes(folder))


def both(check, store):
    """The results of each engine, with how often it tells them."""
    return [Counter(check.results(store, engine)) for engine in ENGINES]


def told(results):
    """The constraint and the focus of results, in short."""
    return [
        (r.constraint.removeprefix(SH.iri).removesuffix("ConstraintComponent"), r.focus.removeprefix(EX))
        for r in results.elements()
    ]


@pytest.fixture(scope="session")
def cases(root):
    """The results of each engine over the base with all cases added."""
    return both(ShapeCheck(read_shapes(root.shapes)), graph_of(root, CASES))


def test_the_real_graph_gives_the_same_results(root, store):
    reference, fast = both(ShapeCheck(read_shapes(root.shapes)), store)
    assert reference
    assert reference == fast


def test_all_cases_together_give_the_same_results(cases):
    reference, fast = cases
    assert reference == fast


@pytest.fixture(scope="session")
def names(root):
    """The shapes that can find something, as cases name them."""
    told = read_shapes(root.shapes).told
    return {shape.removeprefix(f"{BASE}shape/") for shape, words in told.items() if words.message["en"]}


@pytest.mark.parametrize("path", INVALID, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_an_invalid_case_gives_the_same_results(path, cases, names):
    wanted = {(want.rule, want.thing) for want in expected(path) if want.rule in names}
    things = {q.subject.value.removeprefix(ID) for q in quads_of(path)} | {thing for _, thing in wanted}
    about = [[r for r in results.elements() if r.focus.removeprefix(ID) in things] for results in cases]
    assert Counter(about[0]) == Counter(about[1])
    assert wanted <= {(r.shape.removeprefix(f"{BASE}shape/"), r.focus.removeprefix(ID)) for r in about[1]}


# --- shapes of other kinds than ours


@pytest.fixture(scope="session")
def kinds():
    """The results of each engine with shapes of many kinds."""
    store = Store()
    store.load(path=str(KINDS / "data.ttl"), format=RdfFormat.TURTLE)
    return both(ShapeCheck(read_shapes(KINDS)), store)


def test_shapes_of_many_kinds_give_the_same_results(kinds):
    reference, fast = kinds
    assert reference == fast
    named = {quad.subject.value for quad in parse(path=str(KINDS / "shapes.ttl")) if is_targeted(quad)}
    assert {f"{EX}{name}" for name in ("Named", "NamedAnyhow", "Subjects", "Objects", "Nodes")} <= named
    assert {r.shape for r in reference} >= named - {f"{EX}Thing"}


@pytest.mark.parametrize(
    ("value", "other", "refused"),
    [
        ('"2020-01-01"^^xsd:date', '"2021-01-01"^^xsd:date', []),
        ('"2021-01-01"^^xsd:date', '"2020-01-01"^^xsd:date', ["pyshacl", "shifty"]),
        ('"2020-01-01"^^xsd:date', '"text"', ["pyshacl", "shifty"]),
        ('"2020-01-01"^^xsd:date', '"2021"^^xsd:gYear', ["shifty"]),
        ('"2020"^^xsd:gYear', '"2021"^^xsd:gYear', ["shifty"]),
    ],
)
def test_what_cannot_be_compared_is_refused_by_shifty_only(tmp_path, value, other, refused):
    """A known difference: SPARQL knows no order of these, and pyshacl takes rdflib's."""
    shapes = ":T a sh:NodeShape ; sh:targetClass :A ; sh:property :p . :p sh:path :p ; sh:lessThan :q ."
    results = both(checks(tmp_path, shapes), graph(f":a a :A ; :p {value} ; :q {other} ."))
    assert [engine for engine, found in zip(ENGINES, results, strict=True) if found] == refused


@pytest.mark.parametrize(
    ("pattern", "value", "refused"),
    [
        ("^a$", "a", []),
        ("^a$", r"a\n", ["shifty"]),
        ("^[[:alpha:]]$", "a", ["pyshacl"]),
        ("^(?=a)", "a", ["shifty"]),
    ],
    ids=["plain", "line-end", "named-class", "look-ahead"],
)
def test_patterns_are_read_in_two_dialects(tmp_path, pattern, value, refused):
    """Known differences: Python's regular expressions, and those of the Rust language.."""
    shapes = (
        f':T a sh:NodeShape ; sh:targetClass :A ; sh:property :p . :p sh:path :p ; sh:pattern "{pattern}" .'
    )
    results = both(checks(tmp_path, shapes), graph(f':a a :A ; :p "{value}" .'))
    assert [engine for engine, found in zip(ENGINES, results, strict=True) if found] == refused


def test_shapes_that_ask_queries_see_the_whole_graph(tmp_path):
    check = checks(
        tmp_path,
        '''
        :Thing a sh:NodeShape ; sh:targetClass :A ; sh:class :B ; sh:sparql :Alone .
        :Alone sh:select """SELECT $this WHERE {
            $this a ?any . FILTER NOT EXISTS { ?x <https://example.org/knows> ?this }
        }""" .
        ''',
    )
    reference, fast = both(check, graph(":a1 a :A . :a2 a :A . :b :knows :a2 ."))
    assert sorted(told(fast)) == [("Class", "a1"), ("Class", "a2"), ("SPARQL", "a1")]
    assert reference == fast


def test_a_shape_that_another_applies_keeps_all_it_asks(tmp_path):
    check = checks(
        tmp_path,
        """
        :Thing a sh:NodeShape ; sh:targetClass :A ; sh:pattern "/a[0-9]$" ; sh:property :p .
        :p sh:path :p ; sh:minCount 1 .
        :Other a sh:NodeShape ; sh:targetClass :C ; sh:property :q .
        :q sh:path :q ; sh:node :Thing .
        """,
    )
    reference, fast = both(
        check, graph(":c a :C ; :q :a1, :a2 . :d a :C ; :q :x . :a1 :p 1 . :a2 a :A . :x :p 1 .")
    )
    assert sorted(told(fast)) == [("MinCount", "a2"), ("Node", "c"), ("Node", "d")]
    assert reference == fast


def test_a_thing_without_iri_is_found(tmp_path):
    check = checks(
        tmp_path,
        ":Thing a sh:NodeShape ; sh:targetClass :A ; sh:property :p . :p sh:path :p ; sh:minCount 1 .",
    )
    reference, fast = both(check, graph(":a a :A ; :p 1 . [] a :A ."))
    for results in (reference, fast):
        assert [(r.shape, r.path) for r in results.elements()] == [(f"{EX}p", f"{EX}p")]


def test_a_name_is_checked_on_instances_of_narrower_classes(tmp_path):
    check = checks(tmp_path, ':Thing a sh:NodeShape ; sh:targetClass :A ; sh:pattern "/a[0-9]$" .')
    data = f":B <{RDFS['subClassOf'].value}> :A . :a1 a :B . :b1 a :B ."
    reference, fast = both(check, graph(data))
    assert [r.focus for r in fast] == [f"{EX}b1"]
    assert reference == fast


@pytest.mark.parametrize(
    "shapes",
    [
        "",
        ":T a sh:NodeShape ; sh:targetClass :A ; sh:property [ sh:path :p ",
        "[] a sh:NodeShape ; sh:targetClass :A ; sh:nodeKind sh:IRI .",
    ],
)
def test_shapes_that_cannot_be_read_are_told(tmp_path, shapes):
    with pytest.raises(NatgraphError, match="cannot be applied"):
        checks(tmp_path, shapes)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "shapes",
    [
        ':T a sh:NodeShape ; sh:targetClass :A ; sh:sparql [ sh:select "nonsense" ] .',
        ':T a sh:NodeShape ; sh:targetClass :A ; sh:pattern "(" .',
    ],
)
def test_shapes_that_cannot_be_applied_are_told(tmp_path, shapes, engine):
    with pytest.raises(NatgraphError, match="cannot be applied"):
        checks(tmp_path, shapes).results(graph(":a a :A ."), engine)


# --- what shapes see


def test_what_can_be_seen_is_followed_forward_and_where_a_path_is_inverse_backward():
    shapes = graph(":T sh:path ( :p [ sh:inversePath :back ] ) .")
    by = roads(quad.triple for quad in shapes)
    data = graph(":a :p :b ; :other :c . :b :x 1 . :c :x 1 . :d :back :b ; :p :e . :e :x 1 . :f :p :a .")
    seen = {t.subject.value.removeprefix(EX) for t in reach(data, {NamedNode(f"{EX}a")}, by)}
    assert seen == {"a", "b", "d", "e"}


def test_the_path_of_an_inverse_may_be_more_than_one_property():
    shapes = graph(":T sh:path [ sh:inversePath [ sh:alternativePath ( :p :q ) ] ] .")
    by = roads(quad.triple for quad in shapes)
    data = graph(":a :x 1 . :b :p :a . :c :q :a . :d :r :a .")
    seen = {t.subject.value.removeprefix(EX) for t in reach(data, {NamedNode(f"{EX}a")}, by)}
    assert seen == {"a", "b", "c"}


# --- which engine when


def test_the_reference_engine_is_for_graphs_that_are_not_large():
    store = Store()
    lines = (f"<{EX}s> <{EX}p> <{EX}{number}> .\n" for number in range(LARGE))
    store.bulk_load("".join(lines).encode(), RdfFormat.N_TRIPLES)
    assert engine_for(store) == "shifty"
    store.update(f"DELETE DATA {{ <{EX}s> <{EX}p> <{EX}0> }}")
    assert engine_for(store) == "pyshacl"
