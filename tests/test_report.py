"""The findings: made from the data of now, the same in both languages, and every figure can be had again."""

import re
import shlex
from collections import Counter

import pytest

from natgraph.bindings import without_values
from natgraph.chains import read_index, select_from, trace
from natgraph.library import canned
from natgraph.parameters import LISTING, bind, wanted
from natgraph.queries import rows
from natgraph.report import PAGES, find, pages
from natgraph.report.page import _environment
from natgraph.terms import ORG, record
from tests.test_cli import natgraph

pytestmark = pytest.mark.xdist_group("canned")


@pytest.fixture(scope="module")
def made(store, dataset):
    return pages(store, dataset.version)


@pytest.fixture(scope="module")
def found(store, dataset):
    return find(store, read_index(select_from(store), dataset.version), "en")


def test_the_pages_are_those_of_the_data_of_now(made, root):
    for file, text in made.items():
        assert (root.folder / "docs" / file).read_text(encoding="utf-8") == text, "run natgraph report"


def test_the_command_writes_and_tells_what_is_stale(root, tmp_path):
    assert natgraph("report", "--check").returncode == 0
    done = natgraph("report", "--check", "--folder", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout.count("is stale") == 2
    assert list(tmp_path.iterdir()) == []
    assert natgraph("report", "--folder", str(tmp_path)).returncode == 0
    for file in PAGES.values():
        assert (tmp_path / file).read_bytes() == (root.folder / "docs" / file).read_bytes()
    page = tmp_path / PAGES["sv"]
    page.write_text(page.read_text(encoding="utf-8").replace("235", "236"), encoding="utf-8")
    done = natgraph("report", "--check", "--folder", str(tmp_path))
    assert done.returncode == 1
    assert PAGES["sv"] in done.stdout
    assert PAGES["en"] not in done.stdout


def test_it_says_from_which_data(made, dataset):
    assert all(dataset.version in text for text in made.values())


def test_both_languages_have_the_same_figures(made):
    numbers = [
        Counter(re.findall(r"(?<![\w/-])\d+(?![\w/-])", re.sub(r"\]\([^)]*\)|\[[^]]*\]|\"|%", " ", text)))
        for text in made.values()
    ]
    assert numbers[0] == numbers[1]
    assert numbers[0].total() > 300


def test_every_section_says_how_to_get_its_figures(made):
    for text in made.values():
        sections = text.split("\n## ")[3:]
        assert len(sections) == 7
        for section in sections:
            assert re.search(r"^\*(How|Hur): `natgraph ", section, re.M), section[:40]


def test_the_queries_it_names_answer(made, store):
    named = {c for text in made.values() for c in re.findall(r"`natgraph (query [^`]+)`", text)}
    assert len(named) > 10
    for command in named:
        _, name, *options = shlex.split(command)
        query = canned(name)
        given = dict(zip(options[::2], options[1::2], strict=True))
        values = dict([given["--param"].split("=")] if "--param" in given else [])
        values |= {"lang": given["--lang"]} if "--lang" in given else {}
        known = {
            kind: [r["thing"] for a in what.among for r in rows(store, without_values(LISTING, a), dict(a))]
            for kind, what in wanted(query.parameters).items()
        }
        bindings = bind(query.parameters, values, known)
        assert rows(store, without_values(query.text, bindings), dict(bindings)), command


def test_the_chains_are_stated_step_by_step(found, store):
    index = read_index(select_from(store), "")
    longest = max(
        len(path.steps)
        for barrier in index.net.barriers
        for path in trace(index, barrier, stated_only=True, max_paths=10_000).paths
    )
    assert len(found.chains[0].steps) == longest
    for path in found.chains:
        assert all(step.stated and step.sources for step in path.steps)
        for step, after in zip(path.steps, path.steps[1:], strict=False):
            assert step.effect == after.cause
    links = [{step.link for step in path.steps} for path in found.chains]
    for n, one in enumerate(links):
        assert all(2 * len(one & other) < len(one) for other in links[:n])


def test_no_municipality_is_held_up_or_ranked(found, store):
    kind = record("concept/organisation-kind", "municipality")
    municipalities = {
        q.subject.value for q in store.quads_for_pattern(None, ORG["classification"], kind, None)
    }
    assert municipalities
    assert not municipalities & {row["actor"] for row in found.holders}


def test_the_figures_add_up(found):
    assert found.statuses.total() == found.roots.barriers == found.gaps.barriers == 235
    for column in ("kindName", "statusName"):
        rows_ = found.effects(column)
        assert sum(row.pairs for row in rows_) == found.total("effects-by-kind-of-measure", "pairs")
        assert all(row.pairs == row.removes + row.mitigates + row.investigates for row in rows_)
    assert found.removing == len(found.tables["measures-that-remove"])
    assert [one.downstream for one in found.unanswered] == sorted(
        (one.downstream for one in found.unanswered), reverse=True
    )
    assert len(found.unanswered) == found.missing["nobody-responsible"]
    assert all(root.stated <= root.cause.reach.barriers for root in found.first)
    assert {root.cause.rank for root in found.first} <= set(range(1, 11))


@pytest.mark.parametrize(
    ("number", "total", "told"), [(1, 4, "1 of 4 (25%)"), (0, 0, "0 of 0 (0%)"), (1, 400, "1 of 400 (<1%)")]
)
def test_shares_have_their_denominator(number, total, told):
    assert _environment("en").filters["of"](number, total) == told


def test_names_cannot_break_the_page():
    filters = _environment("en").filters
    assert filters["plain"]("a|b [c](d) <e>") == r"a\|b \[c\](d) \<e\>"
    assert filters["site"]("https://www.x.se/a (b)") == "[x.se](https://www.x.se/a%20%28b%29)"
    assert filters["site"]("A title | of a source") == r"A title \| of a source"
