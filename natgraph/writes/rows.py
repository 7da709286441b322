"""What the database of what was written holds: overlay, log, versions; as rows and as what they mean."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from natgraph.writes.patch import Overlay, Patch

Row = tuple[str, str, int]


@dataclass(frozen=True)
class Entry:
    """A line of the log: who wrote what to which graph, when (UTC), and between which data versions.

    Of several graphs that one write changes each has a line. ``publish`` tells that what lies beneath
    changed.
    """

    time: str
    who: str
    operation: str
    graph: str
    old: str | None
    new: str
    added: int
    removed: int


def read_overlay(link: sqlite3.Connection, graphs: Iterable[str] | None = None) -> Overlay:
    """The overlay, or that part of it which is about some graphs."""
    whole, statements = "SELECT graph FROM whole", "SELECT graph, triple, added FROM statement"
    found: list[Row] = []
    marked: set[str] = set()
    for where, given in [("", ())] if graphs is None else [(" WHERE graph = ?", (g,)) for g in graphs]:
        found.extend(link.execute(statements + where, given))
        marked.update(graph for (graph,) in link.execute(whole + where, given))
    versions = dict(link.execute("SELECT name, value FROM meta"))
    return Overlay(_patches(found, marked), versions.get("version"), versions.get("base"))


def keep(link: sqlite3.Connection, graph: str, old: Patch, new: Patch) -> None:
    """Replace the patch of a graph, touching only what differs."""
    if old.whole and not new.whole:
        link.execute("DELETE FROM whole WHERE graph = ?", (graph,))
    if new.whole and not old.whole:
        link.execute("INSERT INTO whole VALUES (?)", (graph,))
    before, after = _rows(graph, old), _rows(graph, new)
    gone = [row[:2] for row in before - after]
    link.executemany("DELETE FROM statement WHERE graph = ? AND triple = ?", gone)
    link.executemany("INSERT INTO statement VALUES (?, ?, ?)", after - before)


def note(link: sqlite3.Connection, entry: Entry) -> None:
    """Add a line to the log."""
    link.execute(
        "INSERT INTO log (time, who, operation, graph, old, new, added, removed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        tuple(vars(entry).values()),
    )


def entries(link: sqlite3.Connection, limit: int) -> list[Entry]:
    """The last lines of the log, the newest first."""
    rows = link.execute(
        "SELECT time, who, operation, graph, old, new, added, removed FROM log ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [Entry(*row) for row in rows]


def set_versions(link: sqlite3.Connection, version: str | None, base: str | None) -> None:
    """Remember the data versions of what is served and of what is published beneath."""
    rows = (("version", version), ("base", base))
    link.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)


def _patches(rows: Iterable[Row], whole: set[str]) -> dict[str, Patch]:
    added: dict[str, set[str]] = defaultdict(set)
    removed: dict[str, set[str]] = defaultdict(set)
    for graph, triple, is_added in rows:
        (added if is_added else removed)[graph].add(triple)
    return {
        graph: Patch(frozenset(added[graph]), frozenset(removed[graph]), graph in whole)
        for graph in {*added, *removed, *whole}
    }


def _rows(graph: str, patch: Patch) -> set[Row]:
    return {(graph, t, 1) for t in patch.added} | {(graph, t, 0) for t in patch.removed}
