"""The canonical layout: nothing is lost, and writing twice changes nothing."""

import random

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from natgraph.layout import write
from natgraph.terms import EDITORS, NG, RDF, SKOS, XSD, record

PAGE = record("source", "a-page")
KIRUNA = record("platform", "kiruna")
QUADS = [
    Quad(KIRUNA, RDF["type"], NG["InnovationPlatform"], PAGE),
    Quad(KIRUNA, SKOS["prefLabel"], Literal("Kiruna skos:x", language="sv"), PAGE),
    Quad(KIRUNA, SKOS["prefLabel"], Literal('Kiruna "quoted" \\ and\nbroken', language="en"), EDITORS),
    Quad(KIRUNA, NG["phaseNumber"], Literal("2", datatype=XSD["integer"]), PAGE),
    Quad(KIRUNA, NG["startStated"], Literal("2013-07", datatype=XSD["gYearMonth"]), PAGE),
    Quad(KIRUNA, NG["host"], record("organisation", "kiruna-kommun"), PAGE),
    Quad(KIRUNA, NG["focus"], Literal("plain"), PAGE),
    Quad(KIRUNA, NG["odd/name"], NamedNode("https://example.org/a(b)"), PAGE),
]


def test_reading_gives_the_same_statements_again():
    assert set(parse(write(QUADS), RdfFormat.TRIG)) == set(QUADS)


@pytest.mark.parametrize("seed", range(5))
def test_order_of_statements_does_not_matter(seed):
    shuffled = random.Random(seed).sample(QUADS, len(QUADS))
    assert write(shuffled) == write(QUADS)


def test_writing_twice_changes_nothing():
    text = write(QUADS)
    assert write(parse(text, RdfFormat.TRIG)) == text


def test_type_comes_first_then_labels_and_the_editors_last():
    text = write(QUADS)
    assert text.index(" a ng:InnovationPlatform") < text.index("skos:prefLabel") < text.index("ng:focus")
    assert text.index("source/a-page") < text.index("source/natgraph-editors")


def test_only_used_prefixes_are_declared():
    assert "@prefix foaf:" not in write(QUADS)
