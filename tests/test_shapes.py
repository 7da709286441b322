"""Every rule refuses what it should, says so in the expected words, and refuses nothing else.

``tests/shapes/base.trig`` holds a valid record of every class. The cases beside it add records: first lines
``#+ expect: rule | thing | fragment of the English message`` tell what must be found. All cases are checked
in one run, so their records have slugs of their own.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Store, parse
from rdflib import RDF, SH, Graph, URIRef

from natgraph.build import assemble
from natgraph.check import Finding, Severity, Spot, check, check_layout, to_json, to_text, to_turtle
from natgraph.check.invariants import read_invariant
from natgraph.check.layout import RULES as LAYOUT_RULES
from natgraph.check.locate import Locator
from natgraph.check.paths import path_text
from natgraph.check.results import read_report
from natgraph.check.rules import RULES as PYTHON_RULES
from natgraph.check.shapes import aim, as_ntriples, load_shapes
from natgraph.check.validate import report
from natgraph.errors import DataFault, NatgraphError
from natgraph.read import read_turtle
from natgraph.store import load
from natgraph.terms import BASE, ONTOLOGY

pytestmark = pytest.mark.xdist_group("shapes")

HERE = Path(__file__).parent / "shapes"
CASES = sorted(HERE.glob("*/*valid.*.trig"))
LAYOUT = HERE / "layout"
ID = f"{BASE}id/"


@dataclass(frozen=True)
class Expected:
    rule: str
    thing: str
    fragment: str


def remarks(path, name):
    start = f"#+ {name}: "
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


def expected(path):
    return [Expected(*(part.strip() for part in line.split("|"))) for line in remarks(path, "expect")]


def quads_of(path):
    return list(parse(path=str(path), format=RdfFormat.TRIG))


def rule_of(finding):
    return finding.rule.removeprefix(f"{BASE}shape/")


def thing_of(finding):
    return finding.focus.removeprefix(ID)


def graph_of(root, paths):
    """The store that a check gets: ontology, base and cases, with what the rules derive and the merge."""
    quads = [q for path in sorted(root.ontology.rglob("*.ttl")) for q in read_turtle(path, ONTOLOGY)]
    quads += [q for path in (HERE / "base.trig", *paths) for q in quads_of(path)]
    outside = [q for q in quads if q.graph_name == DefaultGraph()]
    store = load(assemble(q for q in quads if q.graph_name != DefaultGraph()).nquads)
    store.extend(outside)
    for text in (t for path in paths for t in remarks(path, "remove")):
        for triple in parse(text, RdfFormat.N_TRIPLES):
            for quad in list(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)):
                store.remove(quad)
    return store


@pytest.fixture(scope="session")
def found(root):
    """What is found in the base with all cases added."""
    return check(graph_of(root, CASES), root.shapes)


@pytest.fixture(scope="session")
def shapes(root):
    graph = Graph()
    for path in sorted(root.shapes.glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="session")
def rules(root, shapes):
    """The name of every rule that can find something."""
    targeted = set(shapes.subjects(SH.targetClass))
    names = targeted | {part for node in targeted for part in shapes.objects(node, SH.property)}
    return {
        *(str(name).removeprefix(f"{BASE}shape/") for name in names),
        *(path.stem for path in (root.shapes / "invariants").glob("*.rq")),
        *(rule.name for rule in PYTHON_RULES),
        *LAYOUT_RULES,
    }


def layout_expectations():
    lines = (LAYOUT / "expected.txt").read_text(encoding="utf-8").splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if not line.startswith("#")]


def test_the_base_has_no_finding_at_all(root):
    assert check(graph_of(root, []), root.shapes) == []


def test_the_base_shows_every_field_that_a_shape_is_about(shapes):
    quads = quads_of(HERE / "base.trig")
    shown = {(q.predicate.value) for q in quads}
    made_by_rules = {"http://purl.org/dc/terms/source"}
    targeted = set(shapes.subjects(SH.targetClass))
    paths = {shapes.value(p, SH.path) for node in targeted for p in shapes.objects(node, SH.property)}
    assert {str(p) for p in paths if isinstance(p, URIRef)} - shown == made_by_rules


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_case_finds_what_it_expects_and_no_other_violation(path, found):
    own = {q.subject.value for q in quads_of(path)} - {q.subject.value for q in quads_of(HERE / "base.trig")}
    wanted = expected(path)
    assert bool(wanted) == path.name.startswith("invalid."), "invalid: expects something; valid: nothing"
    for want in wanted:
        messages = [f.message["en"] for f in found if (rule_of(f), thing_of(f)) == (want.rule, want.thing)]
        assert any(want.fragment in m for m in messages), f"{want} not among {messages}"
    others = [f for f in found if f.focus in own and f.severity is Severity.VIOLATION]
    assert {(rule_of(f), thing_of(f)) for f in others} <= {(w.rule, w.thing) for w in wanted}


def test_nothing_is_found_that_no_case_expects(found):
    wanted = {(w.rule, w.thing) for path in CASES for w in expected(path)}
    violations = {(rule_of(f), thing_of(f)) for f in found if f.severity is Severity.VIOLATION}
    assert violations <= wanted


def test_no_two_cases_describe_the_same_thing():
    base = {q.subject for q in quads_of(HERE / "base.trig")}
    seen: dict[object, Path] = {}
    for path in CASES:
        for subject in {q.subject for q in quads_of(path)} - base:
            assert subject not in seen, f"{subject} in {path} and {seen[subject]}"
            seen[subject] = path


def test_every_rule_has_a_case_that_it_refuses(rules):
    refused = {w.rule for path in CASES for w in expected(path)} | {row[0] for row in layout_expectations()}
    assert rules - refused == set()
    assert refused - rules == set()


def test_every_shape_speaks_both_languages_and_says_how_bad_it_is(shapes):
    for node in shapes.subjects(SH.targetClass):
        for shape in (node, *shapes.objects(node, SH.property)):
            assert {m.language for m in shapes.objects(shape, SH.message)} == {"sv", "en"}, shape
            assert isinstance(shape, URIRef)
            assert len(list(shapes.objects(shape, SH.severity))) == 1, shape


def test_property_shapes_have_iris_of_their_own(shapes):
    for shape in shapes.subjects(SH.path):
        assert str(shape).startswith(f"{BASE}shape/")
    for node in shapes.subjects(RDF.type, SH.NodeShape):
        assert str(node).startswith(f"{BASE}shape/")


def test_shapes_name_only_property_shapes_that_exist(shapes):
    for _, part in shapes.subject_objects(SH.property):
        assert shapes.value(part, SH.path) is not None, part


def test_invariants_explain_themselves(root):
    for path in sorted((root.shapes / "invariants").glob("*.rq")):
        rule = read_invariant(path)
        assert rule.title
        assert all(rule.message.values())


def test_the_documentation_names_every_rule(root, rules):
    text = (root.folder / "docs" / "checks.md").read_text(encoding="utf-8")
    assert {rule for rule in rules if f"`{rule}`" not in text} == set()


def test_aiming_property_shapes_changes_no_result(root):
    """The quick way of running the shapes finds what the plain way finds."""
    path = HERE / "policy-barrier"
    merge = as_ntriples(graph_of(root, sorted(path.glob("*.trig"))))
    plain, aimed = load_shapes(root.shapes), load_shapes(root.shapes)
    aim(aimed)
    one, other = (set(read_report(report(as_ntriples(shapes), merge))) for shapes in (plain, aimed))
    assert one
    assert one == other


# --- layout of the record files


def test_layout_rules_find_file_and_line():
    found = {
        (f.rule, f"{f.spot.path.relative_to(LAYOUT / 'data')}:{f.spot.line}", thing_of(f))
        for f in check_layout(LAYOUT / "data")
    }
    assert found == {tuple(row[:3]) for row in layout_expectations()}


def test_layout_messages_say_how_to_mend():
    messages = {(f.rule, thing_of(f)): f.message["en"] for f in check_layout(LAYOUT / "data")}
    for rule, _, thing, fragment in layout_expectations():
        assert fragment in messages[rule, thing]


def test_a_statement_outside_a_graph_is_refused_by_the_reader(tmp_path):
    (tmp_path / "platform").mkdir()
    (tmp_path / "platform" / "a.trig").write_text(f"<{ID}platform/a> <{ID}p> 1 .", encoding="utf-8")
    with pytest.raises(DataFault, match="outside a GRAPH block"):
        check_layout(tmp_path)


# --- findings: where they are, and how they are told

RECORD = f"""GRAPH <{ID}source/page> {{
  <{ID}platform/a>
    a <https://w3id.org/natgraph/def/InnovationPlatform> ;
    skos:prefLabel "A"@en ,
      "Å"@sv ;
    ng:host <{ID}organisation/b> ;
    schema:startDate "2013-01-01"^^xsd:date .
}}
"""


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    (folder / "platform").mkdir(parents=True)
    (folder / "platform" / "a.trig").write_text(RECORD, encoding="utf-8")
    return folder


def finding(**more):
    told = {"sv": "Rätta värden.", "en": "Mend the host."}
    given = {"focus": f"{ID}platform/a", "severity": Severity.VIOLATION, "rule": "a-rule", "message": told}
    return Finding(**(given | more))


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("ng:host", f"<{ID}organisation/b>", 6),
        ("skos:prefLabel", '"Å"@sv', 5),
        ("skos:prefLabel", None, 4),
        ("schema:startDate", '"2013-01-01"^^<http://www.w3.org/2001/XMLSchema#date>', 7),
        ("rdf:type", "<https://w3id.org/natgraph/def/InnovationPlatform>", 3),
        ("ng:absent", None, 2),
        (None, None, 2),
    ],
)
def test_a_finding_is_located(data, path, value, line):
    spot = Locator(data).find(finding(path=path, value=value))
    assert spot == Spot(data / "platform" / "a.trig", line)


def test_a_thing_without_a_file_has_no_place(data):
    assert Locator(data).find(finding(focus=f"{ID}platform/nowhere")) is None


def test_text_groups_by_record_with_line_rule_value_and_fix(data):
    host = finding(path="ng:host", value=f"<{ID}organisation/b>")
    text = to_text([host, finding(rule="b-rule")], data, "sv")
    assert text.count(f"{ID}platform/a\n") == 1
    assert "data/platform/a.trig:6: fel: a-rule" in text
    assert "organisation/b" in text
    assert "Rätta värden." in text
    assert text.endswith("2 fel, 0 varningar, 0 upplysningar")
    assert to_text([], data, "en") == "0 violations, 0 warnings, 0 infos"


def test_json_tells_the_same(data):
    told = json.loads(to_json([finding(path="ng:host", value="<x>", graph=f"{ID}source/page")], data, "en"))
    (one,) = told["findings"]
    assert told["conforms"] is False
    assert (one["file"], one["line"]) == ("data/platform/a.trig", 6)
    assert one["message"] == "Mend the host."
    assert one["severity"] == "violation"
    assert json.loads(to_json([finding(severity=Severity.WARNING)], data, "en"))["conforms"] is True


def test_turtle_is_a_validation_report(found, data):
    graph = Graph().parse(data=to_turtle(found, data, "en"), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms).toPython() is False
    told = list(graph.objects(report, SH.result))
    assert len(told) == len(found)
    for result in told:
        for needed in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            assert len(list(graph.objects(result, needed))) == 1
        assert {m.language for m in graph.objects(result, SH.resultMessage)} == {"sv", "en"}
    store = Store()
    store.load(to_turtle(found, data, "en").encode(), RdfFormat.TURTLE)
    paths = {path_text(store, q.object) for q in store if q.predicate.value == str(SH.resultPath)}
    assert paths == {f.path for f in found if f.path}
    empty = Graph().parse(data=to_turtle([], data, "en"), format="turtle")
    assert [flag.toPython() for flag in empty.objects(None, SH.conforms)] == [True]


def test_severities_are_ordered():
    assert Severity.VIOLATION > Severity.WARNING > Severity.INFO


def test_shapes_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "broken.ttl").write_text("nonsense", encoding="utf-8")
    with pytest.raises(NatgraphError, match="cannot be applied"):
        check(Store(), tmp_path)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("SELECT ?focus { ?focus ?p ?o }", "header"),
        ("#+ title: t\n#+ severity: Bad\n#+ message: {sv: a, en: b}\nSELECT ?focus {}", "header"),
        ("#+ title: t\n#+ severity: Info\n#+ message: {sv: a, en: b}\nSELECT ?x { ?x ?p ?o }", r"\?focus"),
        ("#+ title: t\n#+ severity: Info\n#+ message: {sv: a, en: b}\nSELECT ?focus {", "mend the query"),
    ],
)
def test_a_file_that_is_not_an_invariant_is_told(root, tmp_path, text, part):
    folder = tmp_path / "invariants"
    folder.mkdir()
    (folder / "bad.rq").write_text(text, encoding="utf-8")
    (tmp_path / "person.ttl").write_text((root.shapes / "record.ttl").read_text(encoding="utf-8"))
    (tmp_path / "code-lists.ttl").write_text((root.shapes / "code-lists.ttl").read_text(encoding="utf-8"))
    with pytest.raises(DataFault, match=part):
        check(Store(), tmp_path)
