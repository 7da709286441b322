"""Imports go one way; modules and functions stay small."""

import ast

import pytest

from natgraph.paths import package

ORDER = [
    {"__init__", "terms", "errors", "paths", "sandbox"},
    {"layout", "formats", "anydata", "bindings"},
    {"parameters"},
    {"library"},
    {"read"},
    {"tokens", "sound"},
    {"build", "guard"},
    {"store"},
    {"check", "queries"},
    {"cached", "chains", "engine", "search"},
    {"remote", "report", "writes"},
    {"publish"},
    {"web"},
    {"cli"},
    {"__main__"},
]
RANK = {name: number for number, names in enumerate(ORDER) for name in names}
MODULES = sorted(package().rglob("*.py"))


def room(path):
    """The top-level module or package a file belongs to."""
    return path.relative_to(package()).parts[0].removesuffix(".py")


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "natgraph":
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [a.name for a in node.names if a.name in RANK]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(package())))
def test_a_module_imports_only_what_comes_before_it(path):
    here = room(path)
    assert here in RANK, f"give {here} a place in the order of imports"
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        assert name == here or RANK[name] <= RANK[here], f"{here} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(package())))
def test_rooms_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 60, node.name
