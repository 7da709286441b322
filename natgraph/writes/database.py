"""The database of what was written: one SQLite file, in which a commit is on the disk when it returns."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from natgraph.errors import StateBroken, StateError

NAME = "written.sqlite"
_KIND = 0x6E677773
"""What SQLite calls application_id: "ngws"."""
_SCHEMA = 1
_TABLES = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
    CREATE TABLE whole (graph TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE statement (
        graph TEXT NOT NULL,
        triple TEXT NOT NULL,
        added INTEGER NOT NULL CHECK (added IN (0, 1)),
        PRIMARY KEY (graph, triple)
    ) WITHOUT ROWID;
    CREATE TABLE log (
        id INTEGER PRIMARY KEY,
        time TEXT NOT NULL,
        who TEXT NOT NULL,
        operation TEXT NOT NULL,
        graph TEXT NOT NULL,
        old TEXT,
        new TEXT NOT NULL,
        added INTEGER NOT NULL,
        removed INTEGER NOT NULL
    );
"""


def create(path: Path) -> None:
    """Make an empty database, whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with faults(path), closing(sqlite3.connect(beside)) as made:
        made.execute("PRAGMA synchronous = EXTRA")
        made.executescript(_TABLES)
        made.execute(f"PRAGMA application_id = {_KIND}")
        made.execute(f"PRAGMA user_version = {_SCHEMA}")
    put(beside, path)


def connect(path: Path) -> sqlite3.Connection:
    """Open a database that is there; any thread may use it, one at a time.

    Raises StateBroken for one that is damaged or of a kind that is not known, StateError if it
    cannot be opened.
    """
    with faults(path):
        link = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=30,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _examine(link, path)
            link.execute("PRAGMA synchronous = EXTRA")
        except BaseException:
            link.close()
            raise
        return link


@contextmanager
def transaction(link: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All that is done within is kept on the disk when this ends, or nothing of it."""
    with faults(path):
        link.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            link.execute("ROLLBACK")
            raise
        link.execute("COMMIT")


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """Say faults of the database in our words."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        raise StateError(f"{path} cannot be used: {error}. Nothing has changed.") from error
    except sqlite3.DatabaseError as error:
        raise _broken(path, str(error)) from error


def put(beside: Path, path: Path) -> None:
    """Move a file into its place, so that it is there for good."""
    with beside.open("rb") as made:
        os.fsync(made.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _examine(link: sqlite3.Connection, path: Path) -> None:
    kind, schema = (
        link.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if kind != _KIND:
        raise _broken(path, "it is no database of natgraph")
    if schema != _SCHEMA:
        raise StateBroken(
            f"{path} is of kind {schema}; this natgraph reads kind {_SCHEMA}. Use a newer natgraph."
        )
    (found,) = link.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise _broken(path, found)


def _broken(path: Path, why: str) -> StateBroken:
    cure = f"natgraph restore BACKUP --state {path.parent} --force"
    return StateBroken(f"{path} is damaged: {why}. Put a backup in its place: `{cure}`.")
