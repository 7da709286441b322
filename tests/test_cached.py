"""A checked build is made once for the same inputs, and never from data with violations."""

import shutil

import pytest

from natgraph.cached import checked, fingerprint
from natgraph.errors import NotConforming
from natgraph.paths import Root

pytestmark = pytest.mark.xdist_group("cached")


@pytest.fixture
def copy(root, tmp_path):
    for part in ("ontology", "data", "shapes"):
        shutil.copytree(root.folder / part, tmp_path / "root" / part)
    return Root(tmp_path / "root")


def test_an_unchanged_root_is_built_and_checked_once(root, dataset, tmp_path):
    told: list[str] = []
    first = checked(root, tmp_path, told.append)
    again = checked(root, tmp_path, told.append)
    assert first == again == dataset
    assert len(told) == 1
    assert [path.name for path in tmp_path.glob("*.nq")] == [f"{fingerprint(root)}.nq"]


def test_old_builds_make_room(root, tmp_path):
    for number in range(9):
        (tmp_path / f"old-{number}.nq").write_bytes(b"")
    checked(root, tmp_path)
    left = {path.name for path in tmp_path.glob("*.nq")}
    assert len(left) == 5
    assert f"{fingerprint(root)}.nq" in left


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/platform/kiruna.trig", "Innovation Platform Kiruna", "Innovation platform Kiruna"),
        ("ontology/natgraph.ttl", "0.1.0", "0.1.1"),
        ("shapes/platform-phase.ttl", "sh:Violation", "sh:Warning"),
    ],
)
def test_any_change_of_an_input_asks_for_a_new_build(copy, name, old, new):
    before = fingerprint(copy)
    path = copy.folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert fingerprint(copy) != before


def test_violations_are_not_kept_and_not_served(copy, tmp_path):
    path = copy.data / "barrier" / "special-requirements-ban.trig"
    path.write_text(path.read_text(encoding="utf-8").replace("barrier-type/legal", "barrier-type/leagl"))
    with pytest.raises(NotConforming, match="special-requirements-ban"):
        checked(copy, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*"))
