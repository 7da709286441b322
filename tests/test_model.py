"""The model is closed: what is used is declared, what is declared is explained, shaped, tried and used."""

import json
import re

import pytest
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from natgraph.paths import package
from natgraph.terms import GEO, NG, ONTOLOGY, OWL, RDF, RDFS, SKOS, concept

TERM = re.compile(r"\bng:([A-Za-z]\w*)|<https://w3id\.org/natgraph/def/([A-Za-z]\w*)>|NG\[\"(\w+)\"\]")
ABSTRACT = {NG["Claim"]}


@pytest.fixture(scope="module")
def ontology(root):
    paths = sorted(root.ontology.rglob("*.ttl"))
    return {t for path in paths for t in parse(path=str(path), format=RdfFormat.TURTLE)}


@pytest.fixture(scope="module")
def declared(ontology):
    return {
        q.subject
        for q in ontology
        if q.predicate == RDF["type"] and q.object.value.startswith(OWL.iri) and q.subject.value != NG.iri
        if q.subject.value.startswith(NG.iri)
    }


@pytest.fixture(scope="module")
def classes(ontology):
    return {q.subject for q in ontology if q.predicate == RDF["type"] and q.object == OWL["Class"]}


def terms_in(*paths):
    for path in paths:
        for match in TERM.finditer(path.read_text(encoding="utf-8")):
            yield NG[next(group for group in match.groups() if group)], path


def languages(ontology, subject, predicate):
    return {
        q.object.language
        for q in ontology
        if q.subject == subject and q.predicate == predicate and isinstance(q.object, Literal)
    }


def test_terms_of_the_data_are_declared(store, declared):
    used = {q.predicate for q in store} | {q.object for q in store if q.predicate == RDF["type"]}
    assert {t.value for t in used if t.value.startswith(NG.iri)} <= {t.value for t in declared}


def test_terms_of_shapes_rules_queries_and_code_are_declared(root, declared):
    folder = package()
    paths = [
        *root.shapes.rglob("*.*"),
        *folder.rglob("*.rq"),
        *folder.rglob("*.py"),
        *(root.folder / "tests").rglob("*.rq"),
    ]
    undeclared = {f"{path}: {term.value}" for term, path in terms_in(*paths) if term not in declared}
    assert not undeclared


def test_every_term_is_explained_in_both_languages(ontology, declared):
    for term in declared:
        for predicate in (RDFS["label"], SKOS["definition"]):
            assert languages(ontology, term, predicate) == {"sv", "en"}, f"{term.value} {predicate.value}"
        home = {q.object for q in ontology if q.subject == term and q.predicate == RDFS["isDefinedBy"]}
        assert home == {NamedNode(NG.iri)}, term.value


def test_every_concept_and_scheme_is_explained_in_both_languages(store):
    for kind in (SKOS["Concept"], SKOS["ConceptScheme"]):
        things = {q.subject for q in store.quads_for_pattern(None, RDF["type"], kind, None)}
        assert things
        for thing in things:
            for predicate in (SKOS["prefLabel"], SKOS["definition"]):
                found = {q.object.language for q in store.quads_for_pattern(thing, predicate, None, None)}
                assert found == {"sv", "en"}, f"{thing.value} {predicate.value}"


def test_every_class_has_a_shape_a_refused_case_and_a_record(root, store, classes):
    targets = " ".join(p.read_text(encoding="utf-8") for p in root.shapes.glob("*.ttl"))
    cases = " ".join(p.read_text(encoding="utf-8") for p in root.folder.glob("tests/shapes/*/invalid*"))
    for term in (classes - ABSTRACT) | {GEO["Geometry"]}:
        name = term.value.replace(NG.iri, "ng:").replace(GEO.iri, "geo:")
        assert re.search(rf"sh:targetClass {name}\b", targets), f"{name} has no shape"
        assert re.search(rf"\ba {name}\b", cases), f"{name} has no refused case"
        assert any(store.quads_for_pattern(None, RDF["type"], term, None)), f"{name} has no record"


def test_the_ten_barrier_types_belong_to_a_failure_family(store):
    families = {
        concept("barrier-type", f"{kind}-failure")
        for kind in ("market", "structural-system", "transformational-system")
    }
    used = {q.object for q in store.quads_for_pattern(None, NG["barrierType"], None, None)}
    assert len(used) == 10
    for kind in used:
        above = [q.object for q in store.quads_for_pattern(kind, SKOS["broader"], None, ONTOLOGY)]
        assert len(above) == 1
        assert above[0] in families


def test_the_context_has_a_key_for_every_term(root, declared):
    context = json.loads((root.ontology / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    keys = {v["@id"] if isinstance(v, dict) else v for v in context.values()}
    missing = {t.value for t in declared if f"ng:{t.value.removeprefix(NG.iri)}" not in keys}
    assert not missing


def test_the_context_gives_back_the_triples(root):
    context = json.loads((root.ontology / "context.jsonld").read_text(encoding="utf-8"))
    document = {
        **context,
        "id": "https://w3id.org/natgraph/id/barrier/b",
        "type": "PolicyBarrier",
        "prefLabel": {"sv": "Hinder", "en": "Barrier"},
        "causedBy": ["https://w3id.org/natgraph/id/barrier/a"],
    }
    quads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    assert "<https://w3id.org/natgraph/def/causedBy> <https://w3id.org/natgraph/id/barrier/a>" in quads
    assert '"Hinder"@sv' in quads
    assert "<https://w3id.org/natgraph/def/PolicyBarrier>" in quads


def test_alignments_map_only_declared_terms(root, declared):
    triples = list(parse(path=str(root.ontology / "alignments.ttl"), format=RdfFormat.TURTLE))
    assert triples
    assert {t.subject.value for t in triples} <= {t.value for t in declared}
