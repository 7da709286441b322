"""The commands as a user runs them."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest

BARRIER = "special-requirements-ban"


def natgraph(*arguments, **more):
    command = [sys.executable, "-m", "natgraph", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


@pytest.fixture
def copy(root, tmp_path):
    """A copy of the checkout's data that may be spoilt."""
    for part in ("ontology", "data", "shapes"):
        shutil.copytree(getattr(root, part), tmp_path / part)
    return tmp_path


@pytest.mark.parametrize(
    "command", ["build", "check", "fmt", "query", "chain", "who", "what-if", "roots", "search", "serve"]
)
def test_every_command_explains_itself_anywhere(tmp_path, command):
    done = natgraph(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Usage:" in done.stdout


def test_query_prints_a_table_csv_and_json(root):
    query = root.folder / "natgraph" / "queries" / "platforms.rq"
    table = natgraph("query", str(query))
    assert "14 rows" in table.stdout
    assert "Kiruna" in table.stdout
    csv = natgraph("query", str(query), "--format", "csv")
    assert len(csv.stdout.splitlines()) == 15
    found = json.loads(natgraph("query", str(query), "--format", "json").stdout)
    assert len(found["results"]["bindings"]) == 14


def test_query_reads_standard_input():
    done = natgraph("query", "-", "--format", "csv", input="SELECT (1 + 1 AS ?two) {}")
    assert done.stdout.splitlines() == ["two", "2"]


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("SELECT * {", "line 1"),
        ("DROP ALL", "update"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", "SERVICE"),
    ],
)
def test_a_query_that_cannot_run_says_why(query, part):
    done = natgraph("query", "-", input=query)
    assert done.returncode == 2
    assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_chain_shows_steps_law_actors_measures_and_sources():
    done = natgraph("chain", "reuse-hard-to-scale", "--lang", "en")
    assert done.returncode == 0
    for part in (
        "caused by [the source says so]",
        "[our conclusion]",
        "root cause",
        "law: Construction Products Regulation (EU) No 305/2011 (32011R0305)",
        "can act: European Parliament, can remove",
        "tried: Boverket guidance on reuse (mitigates, in force)",
        "source: https://",
    ):
        assert part in done.stdout


def test_chain_runs_towards_effects_and_in_swedish():
    done = natgraph("chain", BARRIER, "--direction", "effects")
    assert "orsakar [" in done.stdout
    assert "sista verkan" in done.stdout


def test_a_loop_is_shown_not_followed():
    done = natgraph("chain", "scaling-of-solutions-stalls", "--lang", "en")
    assert "the chain closes here" in done.stdout


def test_an_unknown_barrier_gets_near_matches():
    done = natgraph("chain", "special-requirement-ban")
    assert done.returncode == 2
    assert BARRIER in done.stderr


def test_fmt_mends_a_file_and_loses_nothing(copy):
    path = copy / "data" / "platform" / "kiruna.trig"
    tidy = path.read_text(encoding="utf-8")
    path.write_text(tidy.replace("    a ng:", "  a    ng:"), encoding="utf-8")
    looked = natgraph("--root", str(copy), "fmt", "--check")
    assert looked.returncode == 1
    assert "kiruna.trig" in looked.stdout
    assert natgraph("--root", str(copy), "fmt", str(path)).returncode == 0
    assert path.read_text(encoding="utf-8") == tidy


@pytest.mark.parametrize("engine", [(), ("--engine", "shifty")], ids=["default", "shifty"])
def test_check_of_the_real_data_finds_no_violation_and_what_the_documentation_counts(root, engine):
    done = natgraph("check", "--format", "json", *engine)
    assert done.returncode == 0, done.stdout
    found = Counter(
        (f["severity"], f["rule"].rpartition("/")[2]) for f in json.loads(done.stdout)["findings"]
    )
    text = (root.folder / "docs" / "checks.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (warning|info) \| `([\w-]+)` \| (\d+) \|", text, re.MULTILINE)
    assert found == {(severity, rule): int(number) for severity, rule, number in rows}


def test_check_tells_file_line_fault_and_cure(copy):
    path = copy / "data" / "barrier" / f"{BARRIER}.trig"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("barrier-type/legal", "barrier-type/leagl"), encoding="utf-8")
    done = natgraph("--root", str(copy), "check", str(path), "--severity", "violation")
    assert done.returncode == 1
    assert f"{BARRIER}.trig:" in done.stdout
    assert "barrier-type/leagl" in done.stdout
    report = natgraph("--root", str(copy), "check", str(path), "--format", "json")
    assert json.loads(report.stdout)
    elsewhere = natgraph("--root", str(copy), "check", str(copy / "data" / "platform"))
    assert elsewhere.returncode == 0
    assert elsewhere.stdout.endswith(" infos (pyshacl)\n")
    fast = natgraph("--root", str(copy), "check", str(path), "--engine", "shifty", "--format", "json")
    assert json.loads(fast.stdout) == json.loads(report.stdout)
    named = natgraph("--root", str(copy), "check", str(path), "--engine", "shifty", "--lang", "sv")
    assert named.returncode == 1
    assert named.stdout.endswith(" upplysningar (shifty)\n")


def test_check_of_a_broken_file_is_exit_code_2(copy):
    path = copy / "data" / "barrier" / f"{BARRIER}.trig"
    path.write_text(path.read_text(encoding="utf-8") + "}", encoding="utf-8")
    done = natgraph("--root", str(copy), "check")
    assert done.returncode == 2
    assert f"{path}:" in done.stderr


def test_serving_data_with_violations_is_refused(copy):
    path = copy / "data" / "barrier" / f"{BARRIER}.trig"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("barrier-type/legal", "barrier-type/leagl"), encoding="utf-8")
    done = natgraph("--root", str(copy), "serve", "--port", "0", timeout=120)
    assert done.returncode == 2
    assert "violation" in done.stderr
    assert "natgraph check" in done.stderr
