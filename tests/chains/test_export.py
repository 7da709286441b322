"""A chain in every format says the same, and no text can be more than text."""

import csv
import io
import json
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from pyld import jsonld
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from natgraph.chains import FORMATS, export, plain, trace, what_if
from natgraph.chains.export.layout import layout
from natgraph.chains.facts import Facts
from natgraph.chains.things import Text
from natgraph.errors import NotFound
from tests.chains.conftest import barrier, small

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = 'A "quoted" <script>alert(1)</script> & \\"back\\" ]]> #quot; | end\n-->\x07'


@pytest.fixture(scope="module")
def chain(index):
    return trace(index, "scaling-of-solutions-stalls").chain


@pytest.fixture(scope="module")
def hostile():
    facts = Facts(names={barrier(n): Text(HOSTILE, HOSTILE) for n in range(3)})
    return trace(small((0, 1, {"stated": False}), (1, 2), (2, 1), facts=facts), barrier(2)).chain


def edges(chain):
    return sorted((step.cause.iri, step.effect.iri) for step in chain.steps)


def test_json_is_the_whole_result(chain):
    assert json.loads(export(chain, "json")) == plain(chain)
    assert len(plain(chain)["nodes"]) == len(chain.nodes)


def test_every_result_can_be_plain(index):
    made = plain(what_if(index, ["sfs-2010-900"]))
    assert json.loads(json.dumps(made)) == made
    assert {"removed", "outcomes", "counts", "derivedShare", "bounds", "how"} <= set(made)


def test_json_ld_states_what_the_graph_states(chain, store):
    document = json.loads(export(chain, "jsonld"))

    def refuse(url, options):
        raise AssertionError(f"the document asks for {url}")

    nquads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": refuse})
    quads = list(parse(nquads.encode(), RdfFormat.N_QUADS))
    assert all(isinstance(quad.subject, NamedNode) for quad in quads)
    assert len({quad.subject for quad in quads}) == len(chain.nodes) + len(chain.steps)
    for quad in quads:
        assert list(store.quads_for_pattern(quad.subject, quad.predicate, quad.object, DefaultGraph())), quad


def test_csv_has_a_row_a_step(chain):
    rows = list(csv.DictReader(io.StringIO(export(chain, "csv"))))
    assert sorted((row["cause"], row["effect"]) for row in rows) == edges(chain)
    assert all(row["sources"] and row["addresses"] and row["dataVersion"] == chain.version for row in rows)
    assert {row["confidence"] for row in rows} == {"stated", "derived"}
    assert all(row["rationaleSv"] for row in rows)


def test_graphml_is_read_by_others(chain, hostile):
    graph = nx.parse_graphml(export(chain, "graphml", "en"))
    iri = nx.get_node_attributes(graph, "iri")
    assert sorted((iri[a], iri[b]) for a, b in graph.edges()) == edges(chain)
    assert set(nx.get_node_attributes(graph, "label").values()) == {n.thing.name.en for n in chain.nodes}
    labels = nx.get_node_attributes(nx.parse_graphml(export(hostile, "graphml")), "label")
    assert {re.sub(r"\s+", " ", label) for label in labels.values()} == {
        re.sub(r"\s+", " ", HOSTILE.replace("\x07", "�"))
    }


def test_dot_names_every_barrier_and_step(chain, hostile):
    text = export(chain, "dot", "en")
    assert len(re.findall(r"^  n\d+ \[label=", text, re.M)) == len(chain.nodes)
    assert len(re.findall(r"^  n\d+ -> n\d+ \[", text, re.M)) == len(chain.steps)
    assert "(our conclusion)" in text
    for line in export(hostile, "dot").splitlines()[3:-1]:
        assert re.fullmatch(r'  n\d+( -> n\d+)? \[(\w+=("([^"\\]|\\.)*"|\w+)(, )?)+\];', line), line


def test_mermaid_lets_no_character_through_that_means_something(chain, hostile):
    text = export(chain, "mermaid", "en")
    assert text.startswith("flowchart TD\n")
    assert len(re.findall(r"^  n\d+ (-->|-\.->)\|", text, re.M)) == len(chain.steps)
    for line in export(hostile, "mermaid").splitlines()[1:]:
        inside = re.sub(r"#\d+;", "", line)
        assert inside.count('"') in (0, 2)
        assert "<" not in inside
        assert "#" not in inside


def test_svg_shows_every_barrier_and_step_and_nothing_else(chain, hostile):
    root = ET.fromstring(export(chain, "svg", "en"))
    boxes = root.findall(f"{SVG}a")
    assert {box.get("href") for box in boxes} == {node.thing.iri for node in chain.nodes}
    assert {box.findtext(f"{SVG}title") for box in boxes} == {node.thing.name.en for node in chain.nodes}
    lines = root.findall(f"{SVG}path")
    assert len(lines) == len(chain.steps)
    assert sum(line.get("stroke-dasharray") is not None for line in lines) == sum(
        not s.stated for s in chain.steps
    )
    drawn = export(hostile, "svg")
    assert {element.tag.removeprefix(SVG) for element in ET.fromstring(drawn).iter()} == {
        "svg", "title", "defs", "marker", "path", "a", "rect", "text", "tspan",
    }  # fmt: skip
    assert "\x07" not in drawn


def test_boxes_do_not_lie_on_one_another_and_causes_stand_above():
    pairs = [(0, 1), (1, 2), (0, 2), (3, 2), (4, 5), (7, 8), (8, 7)]
    plan = layout(10, pairs)
    points = list(plan.points.values())
    assert len(points) == 10
    assert all(
        abs(a[0] - b[0]) >= 1 or abs(a[1] - b[1]) >= 1 for n, a in enumerate(points) for b in points[:n]
    )
    assert all(plan.points[a][1] < plan.points[b][1] for a, b in pairs[:5])
    assert plan.bends[0, 2] == plan.bends[2, 0][::-1]


def test_one_barrier_alone_can_be_exported():
    chain = trace(small(size=1), barrier(0)).chain
    for form in FORMATS:
        assert export(chain, form)


def test_text_in_either_language(chain):
    for form in ("dot", "mermaid", "svg", "graphml"):
        assert export(chain, form, "sv") != export(chain, form, "en")


SUMS = """
import hashlib
from natgraph.build import build
from natgraph.chains import FORMATS, export, read_index, select_from, trace
from natgraph.paths import find_root
from natgraph.store import load

dataset = build(find_root())
index = read_index(select_from(load(dataset.nquads)), dataset.version)
chain = trace(index, "local-climate-goals-out-of-reach").chain
print([hashlib.sha256(export(chain, form).encode()).hexdigest() for form in FORMATS])
"""


def test_the_same_chain_gives_the_same_text_in_every_process():
    def sums(seed):
        around = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        command = [sys.executable, "-c", SUMS]
        return subprocess.run(command, env=around, capture_output=True, text=True, check=True).stdout

    assert sums("1") == sums("2")


def test_an_unknown_format_is_told(chain):
    with pytest.raises(NotFound, match="mermaid"):
        export(chain, "docx")
