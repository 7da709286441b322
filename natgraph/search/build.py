"""Making an index: a file of SQLite with labels in the order in which they are to be found.

Labels are numbered by rank, then length, then thing. SQLite's FTS5 gives what it finds in the order of the
numbers, so the best come first and a search can stop early. Everything goes through tables on disk: memory
does not grow with the graph.
"""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from natgraph.search.grams import LONGEST, form_of, tokens
from natgraph.search.labels import IDENTIFIER, PROPERTIES, Label, Row, Typed
from natgraph.search.letters import words
from natgraph.terms import BASE, PREFIXES

_AT_ONCE = 10_000
_RECORD = re.compile(re.escape(BASE) + r"id/([^/]+)/.+", re.DOTALL)

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -32000;
CREATE TEMP TABLE given (iri TEXT, rank INTEGER, place INTEGER, text TEXT, language TEXT, form TEXT);
CREATE TEMP TABLE typed (iri TEXT, name TEXT);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, type TEXT, classes TEXT);
CREATE TABLE label (
  id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, rank INTEGER NOT NULL, place INTEGER NOT NULL,
  text TEXT NOT NULL, language TEXT, form TEXT NOT NULL
);
CREATE TABLE class (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER NOT NULL);
CREATE TABLE called (name TEXT, class INTEGER, PRIMARY KEY (name, class)) WITHOUT ROWID;
CREATE VIRTUAL TABLE one USING fts5 (
  tokens, content = '', columnsize = 0, detail = none, prefix = '1 2',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'"
);
CREATE VIRTUAL TABLE every USING fts5 (
  tokens, content = '', columnsize = 0, detail = none, prefix = '1 2',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'"
);
INSERT INTO one (one, rank) VALUES ('automerge', 0), ('hashsize', 16777216);
INSERT INTO every (every, rank) VALUES ('automerge', 0), ('hashsize', 16777216);
"""

_ORDERED = """
INSERT INTO thing (iri) SELECT DISTINCT iri FROM given ORDER BY iri;
INSERT INTO label (thing, rank, place, text, language, form)
  SELECT thing.id, rank, min(place), text, language, form FROM given JOIN thing USING (iri)
  GROUP BY thing.id, rank, text, language, form
  ORDER BY rank, length(form), thing.id, min(place), text, language;
CREATE INDEX label_of ON label (thing);
INSERT INTO typed SELECT iri, record_type(iri) FROM thing WHERE record_type(iri) IS NOT NULL;
CREATE TEMP TABLE member AS SELECT DISTINCT thing.id AS thing, name FROM typed JOIN thing USING (iri);
INSERT INTO class (name, size) SELECT name, count(*) FROM member GROUP BY name ORDER BY name;
CREATE INDEX temp.member_of ON member (thing);
UPDATE thing SET type = coalesce(record_type(iri), (
  SELECT local_name(name) FROM member JOIN class USING (name)
  WHERE member.thing = thing.id ORDER BY size, name LIMIT 1)),
  classes = (SELECT group_concat(class.id) FROM member JOIN class USING (name) WHERE member.thing = thing.id);
"""

_ONE = "SELECT label.id, form, classes FROM label JOIN thing ON thing.id = thing ORDER BY label.id"
_EVERY = """
SELECT min(label.id), group_concat(form, ''), classes FROM label JOIN thing ON thing.id = thing
GROUP BY thing HAVING min(form) < max(form) ORDER BY min(label.id)
"""


def build_index(rows: Iterable[Row], target: Path) -> None:
    """Make an index of labels and types, given in any order; it is in its place when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with closing(sqlite3.connect(part)) as database:
            _fill(database, rows)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _fill(database: sqlite3.Connection, rows: Iterable[Row]) -> None:
    database.create_function("record_type", 1, record_type, deterministic=True)
    database.create_function("local_name", 1, local_name, deterministic=True)
    database.executescript(_TABLES)
    _take(database, iter(rows))
    database.executescript(_ORDERED)
    names = database.execute("SELECT id, name FROM class").fetchall()
    database.executemany(
        "INSERT INTO called VALUES (?, ?)",
        ((called, number) for number, name in names for called in _called(name)),
    )
    database.executemany("INSERT INTO one (rowid, tokens) VALUES (?, ?)", _tokens(database, _ONE))
    database.executemany("INSERT INTO every (rowid, tokens) VALUES (?, ?)", _tokens(database, _EVERY))
    database.execute("INSERT INTO one (one) VALUES ('optimize')")
    database.execute("INSERT INTO every (every) VALUES ('optimize')")
    database.commit()


def _tokens(database: sqlite3.Connection, query: str) -> Iterator[tuple[int, str]]:
    """What is to be indexed, under which number."""
    for number, form, classes in database.execute(query):
        yield number, tokens(form, classes.split(",") if classes else ())


def _take(database: sqlite3.Connection, rows: Iterator[Row]) -> None:
    while chunk := list(islice(rows, _AT_ONCE)):
        given = [entry for row in chunk if isinstance(row, Label) for entry in _entries(row)]
        typed = [(row.iri, row.class_iri) for row in chunk if isinstance(row, Typed)]
        database.executemany("INSERT INTO given VALUES (?, ?, ?, ?, ?, ?)", given)
        database.executemany("INSERT INTO typed VALUES (?, ?)", typed)


def _entries(label: Label) -> Iterator[tuple[str, int, int, str, str | None, str]]:
    """A label as it is found; an identifier also without what divides it: 2120001124 is 212000-1124."""
    text, found = label.text[:LONGEST], words(label.text[:LONGEST])
    rank = PROPERTIES[label.place][0]
    if found:
        yield label.iri, rank, label.place, text, label.language, form_of(found)
    if rank == IDENTIFIER and len(found) > 1:
        yield label.iri, rank, label.place, text, label.language, form_of(["".join(found)])


def record_type(iri: str) -> str | None:
    """The type in the path of a record's IRI, None for other IRIs."""
    found = _RECORD.fullmatch(iri)
    return found[1] if found else None


def local_name(iri: str) -> str:
    """The last part of a name."""
    return re.split(r"[#/:]", iri)[-1] or iri


def _called(name: str) -> set[str]:
    """What a class may be called in a search: its IRI, the end of that, a prefixed name; a type as it is."""
    short = {f"{prefix}:{name[len(iri) :]}" for prefix, iri in PREFIXES.items() if name.startswith(iri)}
    return {name, local_name(name), *short}
