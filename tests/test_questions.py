"""The competency questions: what researchers, portals and policymakers ask, with the rows they must get.

Each question is a pair in ``questions/``: a ``.rq`` whose header says who asks what, and a ``.csv`` with the
rows expected, worked out from the sources. A row that changes is a fact that changed: mend the data, or mend
the expected rows and say why.
"""

import csv
from collections import Counter
from difflib import unified_diff
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from natgraph.library import header
from natgraph.queries import run
from natgraph.terms import BASE

pytestmark = pytest.mark.xdist_group("graph")

FOLDER = Path(__file__).parent / "questions"
QUESTIONS = sorted(FOLDER.glob("*.rq"))
AUDIENCES = {"researcher", "portal", "policymaker"}
MOST_ROWS = 25


def shown(term):
    """A term as the expected files write it: our IRIs without their base, literals without type."""
    if isinstance(term, NamedNode):
        return term.value.removeprefix(BASE)
    assert term is None or isinstance(term, Literal)
    return term.value if term else ""


def answer(store, query):
    """The table a query gives: its header, then its rows."""
    solutions = run(store, query)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [names, *([shown(solution[name]) for name in names] for solution in solutions)]


def expected(path):
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def lines(table):
    return [" | ".join(row) for row in table]


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_graph_answers(store, path):
    wanted, got = expected(path), answer(store, path.read_text(encoding="utf-8"))
    if got != wanted:
        asked = header(path.read_text(encoding="utf-8"))["question"]["en"]
        diff = unified_diff(lines(wanted), lines(got), "expected", "the graph", lineterm="", n=1)
        pytest.fail("\n".join([asked, *diff]), pytrace=False)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_says_who_asks_what(path):
    said = header(path.read_text(encoding="utf-8"))
    assert set(said) <= {"question", "audience", "answers"}
    assert set(said["question"]) == {"sv", "en"}
    assert all(text.strip().endswith("?") for text in said["question"].values())
    assert said["audience"] in AUDIENCES


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_an_expected_table_can_fail(path):
    """It is there, it has rows but not too many, none twice, and an empty graph does not give it."""
    names, *rows = table = expected(path)
    assert 0 < len(rows) <= MOST_ROWS
    assert all(len(row) == len(names) for row in rows)
    assert len({tuple(row) for row in rows}) == len(rows)
    query = path.read_text(encoding="utf-8")
    assert "ORDER BY" in query
    assert answer(Store(), query) != table


def test_every_expected_table_has_its_question():
    assert {path.stem for path in FOLDER.glob("*.csv")} == {path.stem for path in QUESTIONS}
    numbers = Counter(path.stem.split("-")[0] for path in QUESTIONS)
    assert [number for number, times in numbers.items() if times > 1] == []


def test_there_are_enough_questions_for_everyone():
    asked = Counter(header(path.read_text(encoding="utf-8"))["audience"] for path in QUESTIONS)
    assert asked.total() >= 40
    assert {audience: number for audience, number in asked.items() if number < 10} == {}
    assert set(asked) == AUDIENCES
