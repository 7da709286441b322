"""What the documentation says is there, and its queries run."""

import re

import pytest
from click.testing import CliRunner

from natgraph.cli import main
from natgraph.paths import find_root
from natgraph.queries import run

ROOT = find_root().folder
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("data/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_queries_in_the_documentation_answer(page, store):
    for query in re.findall(r"```sparql\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        assert list(run(store, query)), query


def test_the_readme_names_every_command():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in main.commands:
        assert f"`natgraph {name}" in text, name


def test_commands_and_options_in_the_documentation_exist():
    for page in PAGES:
        for name, rest in re.findall(r"`natgraph ([a-z][a-z-]*)([^`]*)`", page.read_text(encoding="utf-8")):
            assert name in main.commands, f"{page.name}: natgraph {name}"
            known = CliRunner().invoke(main, [name, "--help"]).output
            for option in re.findall(r"--[a-z-]+", rest):
                assert option in known, f"{page.name}: natgraph {name} {option}"


def test_commands_and_options_of_the_files_for_operators_exist():
    known = CliRunner().invoke(main, ["serve", "--help"]).output
    for name in ("natgraph.service", "Dockerfile"):
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        (line,) = re.findall(r"^(?:ExecStart|CMD).*serve.*$", text, re.M)
        for option in re.findall(r"--[a-z-]+", line):
            assert option in known, f"{name}: {option}"


def test_make_targets_in_the_documentation_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"^\s*make ([a-z]+)|`make ([a-z]+)", page.read_text(encoding="utf-8"), re.M):
            name = target[0] or target[1]
            assert re.search(rf"^{name}:", makefile, re.M), f"{page.name}: make {name}"


def test_the_table_of_places_names_real_ones():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:natgraph|ontology|shapes|tests|data|docs)/[\w/.-]*)", text):
        folder = path.rstrip("/").partition("{")[0]
        assert (ROOT / folder).exists(), path
