"""What many tests need: the real graph, made once a process."""

from collections.abc import Iterator

import pytest

from natgraph.build import Dataset, build
from natgraph.paths import Root, find_root
from natgraph.store import load


@pytest.fixture(scope="session")
def root() -> Root:
    """The checkout the tests stand in."""
    return find_root()


@pytest.fixture(scope="session")
def dataset(root: Root) -> Dataset:
    """The real graph in its canonical form."""
    return build(root)


@pytest.fixture(scope="session")
def store(dataset: Dataset) -> Iterator:
    """The real graph, ready to be asked."""
    return load(dataset.nquads)
