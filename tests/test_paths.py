"""natgraph finds its files by --root, else upwards, else in the wheel."""

import pytest

from natgraph.errors import RootNotFound
from natgraph.paths import find_root


def make(folder):
    for part in ("ontology", "data", "shapes"):
        (folder / part).mkdir(parents=True)
    return folder


def test_the_named_folder_wins(tmp_path):
    assert find_root(make(tmp_path / "a")).folder == tmp_path / "a"


def test_a_named_folder_without_the_parts_is_refused(tmp_path):
    with pytest.raises(RootNotFound, match="ontology, data, shapes"):
        find_root(tmp_path)


def test_the_nearest_folder_upwards(tmp_path):
    outer = make(tmp_path / "outer")
    inner = make(outer / "sub" / "inner")
    below = inner / "x" / "y"
    below.mkdir(parents=True)
    assert find_root(start=below).folder == inner
    assert find_root(start=outer / "sub").folder == outer


def test_inputs_are_all_files_that_matter(root):
    names = {root.name(path) for path in root.inputs()}
    assert "data/platform/kiruna.trig" in names
    assert "ontology/natgraph.ttl" in names
    assert "data/LICENSE" not in names
