"""Where natgraph's files are: the checkout, a folder the user names, or what the wheel carries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path

from natgraph.errors import RootNotFound

PARTS = ("ontology", "data", "shapes")


@dataclass(frozen=True)
class Root:
    """A folder that holds ``ontology/``, ``data/`` and ``shapes/``."""

    folder: Path

    @property
    def ontology(self) -> Path:
        """The ontology's modules, code lists and alignments (Turtle)."""
        return self.folder / "ontology"

    @property
    def data(self) -> Path:
        """The record files (TriG)."""
        return self.folder / "data"

    @property
    def shapes(self) -> Path:
        """The SHACL shapes and, below ``invariants/``, the whole-graph rules."""
        return self.folder / "shapes"

    def inputs(self) -> Iterator[Path]:
        """Every file that a build reads or is checked with, in path order."""
        for part, pattern in (("ontology", "*.ttl"), ("data", "*.trig"), ("shapes", "*")):
            yield from sorted(p for p in (self.folder / part).rglob(pattern) if p.is_file())

    def name(self, path: Path) -> str:
        """The path as a user would write it: relative to this root where possible."""
        return str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else str(path)


RootFinder = Callable[[], Root]
"""Finds the root when it is needed, so that ``--help`` works anywhere."""


def find_root(explicit: Path | None = None, start: Path | None = None) -> Root:
    """The root to work on: ``explicit``, else the nearest folder upwards, else the wheel's own copy.

    Raises RootNotFound when none of them holds the three folders.
    """
    if explicit is not None:
        if not _is_root(explicit):
            raise RootNotFound(f"{explicit} does not hold the folders {', '.join(PARTS)}.")
        return Root(explicit.resolve())
    here = (start or Path.cwd()).resolve()
    candidates = (here, *here.parents, Path(str(files("natgraph"))) / "_bundle", package().parent)
    for folder in candidates:
        if _is_root(folder):
            return Root(folder)
    raise RootNotFound(f"No folder with {', '.join(PARTS)} from {here} upwards; name one with --root.")


def package() -> Path:
    """The folder of the installed package: rules, queries, templates."""
    return Path(str(files("natgraph")))


def cache() -> Path:
    """Where checked builds are kept between starts."""
    return user_cache_path("natgraph", appauthor=False)


def _is_root(folder: Path) -> bool:
    return all((folder / part).is_dir() for part in PARTS)
