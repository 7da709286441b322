"""Barrier chains in the terminal say what the library and the graph say, in both languages."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import networkx
import pydot
import pytest
from click.testing import CliRunner
from rdflib import Dataset, URIRef

from natgraph.chains import (
    compare,
    gaps,
    plain,
    read_index,
    root_causes,
    select_from,
    smallest_change,
    stalled,
    timeline,
    trace,
    what_if,
    who_can_act,
)
from natgraph.cli.main import main
from natgraph.queries import rows
from natgraph.terms import BASE, NG, iri, record

pytestmark = pytest.mark.xdist_group("chain-cli")

STALLS = "scaling-of-solutions-stalls"
REUSE = "reuse-hard-to-scale"
PBL = "legal-act/sfs-2010-900"


@pytest.fixture(scope="module")
def index(store, dataset):
    return read_index(select_from(store), dataset.version)


def natgraph(*arguments):
    return CliRunner().invoke(main, arguments)


def shown(*arguments):
    done = natgraph(*arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


SAID = {
    ("chain", REUSE): lambda i: trace(i, REUSE),
    ("chain", REUSE, "--direction", "effects", "--depth", "1"): lambda i: trace(i, REUSE, "effects", depth=1),
    ("chain", f"barrier/{STALLS}", "--relations", "causes,part-of", "--stated-only"): lambda i: trace(
        i, STALLS, relations=["causes", "part-of"], stated_only=True
    ),
    ("who", "boras"): lambda i: who_can_act(i, "boras"),
    ("who", f"barrier/{STALLS}", "--only-met"): lambda i: who_can_act(i, STALLS, behind=False),
    ("what-if", PBL, f"barrier/{REUSE}"): lambda i: what_if(i, [iri(PBL), REUSE]),
    ("smallest-change", REUSE, "--anyone"): lambda i: smallest_change(i, REUSE, anyone=True),
    ("smallest-change", REUSE, "--anyone", "--price", "local", "9"): lambda i: smallest_change(
        i, REUSE, anyone=True, prices={"local": 9}
    ),
    ("roots",): root_causes,
    ("roots", "boras", "--by", "kronor"): lambda i: root_causes(i, "boras", by="kronor"),
    ("compare", "boras", "kiruna"): lambda i: compare(i, ["boras", "kiruna"]),
    ("gaps",): gaps,
    ("timeline", REUSE): lambda i: timeline(i, REUSE),
    ("stalled", "--years", "3"): lambda i: stalled(i, 3, datetime.now(UTC).date()),
}


@pytest.mark.parametrize("arguments", SAID, ids=" ".join)
def test_json_is_what_the_library_says(index, arguments):
    assert json.loads(shown(*arguments, "--json")) == json.loads(json.dumps(plain(SAID[arguments](index))))


@pytest.mark.parametrize(
    ("arguments", "swedish", "english"),
    [
        (("chain", REUSE), "orsakas av [källan säger]", "caused by [the source says so]"),
        (("chain", REUSE, "--depth", "0"), "Återbruk når inte större skala … fortsätter", "… goes on"),
        (("chain", STALLS, "--relations", "part-of", "--direction", "effects"), "Uppskalning", "Scaling"),
        (("who", "boras"), "kan ni undanröja", "you can remove"),
        (("who", f"barrier/{STALLS}"), "leder till: ", "leads to: "),
        (("what-if", PBL), "Öppnas (", "Opens ("),
        (("what-if", PBL), "Antaganden", "Assumptions"),
        (("smallest-change", REUSE, "--anyone"), "kostnad", "cost"),
        (("smallest-change", STALLS), "Håller det uppe", "Keeps it up"),
        (("roots", "--top", "3"), "inte stabil", "not stable"),
        (("compare", "boras", "kiruna"), "Löst på annat håll", "Solved elsewhere"),
        (("gaps",), "ingen känd åtgärd", "no measure known"),
        (("gaps", "unlinked"), "inga orsakssamband (4)", "no causal links (4)"),
        (("timeline", REUSE), "avläsning", "reading"),
        (("stalled", "--years", "3"), "Inget har hänt", "Nothing has happened"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_it_is_said_in_words_in_both_languages(dataset, arguments, swedish, english):
    said = {lang: shown(*arguments, "--lang", lang) for lang in ("sv", "en")}
    assert swedish in said["sv"]
    assert english in said["en"]
    assert said["sv"] != said["en"]
    if arguments[0] != "chain":
        for text in said.values():
            assert dataset.version[:12] in text


def test_figures_are_those_of_a_query(store):
    table = shown("gaps", "--lang", "en")
    query = f"""SELECT ?b {{ ?b a <{NG.iri}PolicyBarrier>
        FILTER NOT EXISTS {{ ?x a <{NG.iri}MeasureEffect> ; <{NG.iri}barrier> ?b }} }}"""
    row = next(line for line in table.splitlines() if "no-measure" in line)
    assert [int(n) for n in re.findall(r"\d+", row)] == [
        len(rows(store, query)),
        len(rows(store, f"SELECT ?b {{ ?b a <{NG.iri}PolicyBarrier> }}")),
    ]


def test_every_line_of_who_names_its_sources(index):
    text = shown("who", "boras", "--lang", "en")
    found = who_can_act(index, "boras")
    for line in found.lines:
        assert line.barrier.name.en in text
    assert text.count("source: ") >= len(found.lines)


def test_the_first_ones_only_when_asked_for():
    lines = [
        line for line in shown("roots", "--top", "3", "--lang", "en").splitlines() if re.match(r"│ \d", line)
    ]
    assert len(lines) == 3


class TestExports:
    @pytest.fixture
    def pairs(self, index):
        steps = trace(index, STALLS).chain.steps
        assert len(steps) > 20
        return {(step.cause.iri, step.effect.iri) for step in steps}

    @staticmethod
    def export(form):
        return shown("chain", STALLS, "--format", form, "--lang", "en")

    def test_csv(self, pairs):
        lines = csv.DictReader(io.StringIO(self.export("csv")))
        assert {(line["cause"], line["effect"]) for line in lines} == pairs

    def test_graphml(self, pairs):
        graph = networkx.parse_graphml(self.export("graphml"))
        named = dict(graph.nodes(data="iri"))
        assert {(named[a], named[b]) for a, b in graph.edges()} == pairs

    @pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
    def test_jsonld(self, pairs):
        graph = Dataset().parse(data=self.export("jsonld"), format="json-ld")
        cause, effect = (URIRef(f"{BASE}def/{name}") for name in ("cause", "effect"))
        read = {(str(c), str(graph.value(link, effect))) for link, c in graph.subject_objects(cause)}
        assert read == pairs

    @pytest.mark.filterwarnings("ignore::DeprecationWarning:pydot")
    def test_dot(self, pairs):
        (graph,) = pydot.graph_from_dot_data(self.export("dot"))
        named = {n.get_name(): n.get("URL") for n in graph.get_nodes()}
        edges = {(named[e.get_source()], named[e.get_destination()]) for e in graph.get_edges()}
        assert {(a.strip('"'), b.strip('"')) for a, b in edges} == pairs

    def test_mermaid(self, pairs):
        assert len(set(re.findall(r"n\d+ -\.?->.* n\d+", self.export("mermaid")))) == len(pairs)

    def test_svg(self):
        assert ElementTree.fromstring(self.export("svg")).tag.endswith("}svg")

    def test_json(self, pairs):
        steps = json.loads(self.export("json"))["steps"]
        assert {(s["cause"]["iri"], s["effect"]["iri"]) for s in steps} == pairs


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("chain", "scaling-of-solution-stalls"), STALLS),
        (("chain", STALLS, "--format", "pdf"), "mermaid"),
        (("chain", STALLS, "--relations", "likes"), "part-of"),
        (("chain", STALLS, "--depth", "-1"), "depth"),
        (("who", "borass"), "boras"),
        (("who", "place/borass"), "boras"),
        (("what-if", "legal-act/sfs-2010-901"), "sfs-2010-900"),
        (("what-if",), "REMOVE"),
        (("smallest-change", "reuse-hard-to-scal"), REUSE),
        (("smallest-change", REUSE, "--price", "cosmic", "1"), "national"),
        (("roots", "kirunaa"), "kiruna"),
        (("roots", "--by", "betweenness"), "kronor"),
        (("compare", "boras"), "at least two"),
        (("compare", "boras", "kirunaa"), "kiruna"),
        (("gaps", "no-mesure"), "no-measure"),
        (("timeline", "reuse-hard-to-scal"), REUSE),
        (("stalled", "--years", "0"), "years"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_answered_says_why(arguments, part):
    done = natgraph(*arguments)
    assert done.exit_code == 2
    assert part in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_the_tree_follows_what_it_is_told_to(store):
    query = f"SELECT ?c ?b {{ ?b <{NG.iri}statedCause> ?c }}"
    direct = rows(store, query, {"b": record("barrier", STALLS)})
    tree = shown("chain", STALLS, "--stated-only", "--depth", "1", "--lang", "en")
    first = [line for line in tree.splitlines() if re.match(r"[├└]── (caused|reinforced) by", line)]
    assert len(first) == len(direct) > 0
    assert "[our conclusion]" not in "".join(first)


def test_the_commands_of_the_documentation_run(root):
    text = (root.folder / "docs" / "api.md").read_text(encoding="utf-8")
    commands = [line.split()[1:] for line in re.findall(r"^natgraph .*", text, re.MULTILINE)]
    assert len(commands) > 4
    for command in commands:
        assert shown(*command)
