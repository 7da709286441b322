"""Searching an index: what fits best first, with a bound on the work."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Literal, get_args

from natgraph.errors import SearchRefused
from natgraph.search import grams
from natgraph.search.letters import KEPT, folded, words

Match = Literal["exact", "label-start", "word-start", "inside-word", "several-labels", "folded"]
"""How a thing can fit, best first."""

TIERS: tuple[Match, ...] = get_args(Match)

MOST = 300
"""So many labels of a tier are ranked; the search ends at a tier that has more."""

TEXT = 200
"""So many characters a search may have."""

_COMPARED = 5000
_NAMED = 60

_ONE = """
SELECT label.id, thing, rank, language, form
FROM (SELECT rowid AS id FROM one WHERE one MATCH ? ORDER BY rowid LIMIT ?) CROSS JOIN label USING (id)
"""
_EVERY = """
SELECT label.id, thing, rank, language,
  (SELECT group_concat(form, '') FROM label AS other WHERE other.thing = label.thing)
FROM (SELECT rowid AS id FROM every WHERE every MATCH ? ORDER BY rowid LIMIT ?) CROSS JOIN label USING (id)
"""
_SHOWN = "SELECT id, rank, place, text, language FROM label WHERE thing = ?"
_TYPES = """
SELECT called.name FROM called JOIN class ON class.id = called.class
WHERE instr(called.name, ':') = 0 GROUP BY called.name
ORDER BY min(instr(class.name, ':') > 0), max(size) DESC, called.name LIMIT ?
"""

Place = tuple[int, int, bool, int]
"""What a label is ranked by: tier, rank, whether it is in another language than wished, number."""


@dataclass(frozen=True)
class Hit:
    """A thing that was found.

    ``label`` is what it is called in the language that was asked for, as far as it has such a name;
    ``matched`` is the label that fits the search; ``match`` tells how, one of TIERS.
    """

    iri: str
    type: str | None
    label: str
    language: str | None
    match: Match
    matched: str
    matched_language: str | None


@dataclass(frozen=True)
class Found:
    """A page of hits; ``total`` is how many things fit, or at least fit if it is not ``exact``."""

    total: int
    exact: bool
    hits: list[Hit]


class Index:
    """An index on disk; any number of threads may search it."""

    def __init__(self, path: Path, version: str = "") -> None:
        self.version = version
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        with self._connection() as database:
            database.execute("SELECT 1 FROM label LIMIT 1")

    def find(
        self,
        text: str,
        type_: str | None = None,
        language: str | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> Found:
        """The things with labels that hold all words of a text, best first.

        ``type_`` is a record type or a class; ``language`` is preferred among labels that fit equally well.
        Raises SearchRefused for a text that is too long or has nothing to look for, and for an unknown type.
        """
        if len(text) > TEXT:
            raise SearchRefused(f"A search may have {TEXT} characters.")
        asked = words(text)
        if not asked:
            raise SearchRefused("There is nothing to look for: give letters, digits or a symbol.")
        with self._connection() as database:
            search = _Search(database, _classes(database, type_), language)
            search.run(asked)
            chosen = sorted((place, thing) for thing, place in search.best.items())
            page = chosen[offset : offset + limit]
            hits = [_hit(database, thing, place, language) for place, thing in page]
        return Found(len(chosen), not search.cut, hits)

    def close(self) -> None:
        """Let go of the file."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            database = self._idle.get_nowait()
        except Empty:
            database = sqlite3.connect(self._address, uri=True, check_same_thread=False)
        try:
            yield database
        finally:
            self._idle.put(database)


class _Search:
    """One search: the best place of each thing that was found so far."""

    def __init__(self, database: sqlite3.Connection, classes: list[int] | None, language: str | None) -> None:
        self._database = database
        self._classes = classes
        self._language = language
        self.best: dict[int, Place] = {}
        self.cut = False

    def run(self, asked: list[str]) -> None:
        """Go through the tiers until one holds more than is ranked."""
        form, asked = grams.form_of(asked), list(dict.fromkeys(asked))
        starts = [grams.WORD + word for word in asked]
        steps: tuple[Callable[[], bool], ...] = (
            lambda: self._tier(0, grams.whole(form), lambda label: label == form),
            lambda: self._tier(1, grams.holding([form]), lambda label: label.startswith(form)),
            lambda: self._tier(2, grams.holding(starts), _holds_all(starts)),
            lambda: self._tier(3, grams.holding(asked), _holds_all(asked)),
            lambda: len(asked) > 1 and self._tier(4, grams.holding(asked), _holds_all(asked), _EVERY),
            lambda: self._resembling(starts),
        )
        self.cut = any(step() for step in steps) or self.cut

    def _tier(self, tier: int, expression: str, fits: Callable[[str], bool], query: str = _ONE) -> bool:
        """Note the things that fit; whether there are more than are ranked."""
        if self._classes is not None:
            expression = grams.of_class(expression, self._classes)
        compared = noted = 0
        for number, thing, rank, language, form in self._database.execute(query, (expression, _COMPARED)):
            compared += 1
            if not fits(form):
                continue
            if noted == MOST:
                return True
            noted += 1
            place = tier, rank, self._other(language), number
            self.best[thing] = min(place, self.best.get(thing, place))
        self.cut = self.cut or compared == _COMPARED
        return False

    def _resembling(self, starts: list[str]) -> bool:
        """Note the things that fit if a may be å and o may be ö; who writes å, ä or ö means it."""
        loose = [start for start in starts if not set(start) & set(KEPT)]
        strict = [start for start in starts if start not in loose]
        if not any(set(start) & set(folded(KEPT)) for start in loose):
            return False
        expression = " AND ".join(part for part in (grams.resembling(loose), grams.holding(strict)) if part)
        holds_loose, holds_strict = _holds_all(loose), _holds_all(strict)
        return self._tier(5, expression, lambda form: holds_loose(folded(form)) and holds_strict(form))

    def _other(self, language: str | None) -> bool:
        return bool(language and self._language) and not _is(language, self._language)


def _holds_all(parts: Iterable[str]) -> Callable[[str], bool]:
    return lambda form: all(part in form for part in parts)


def _is(language: str | None, wanted: str | None) -> bool:
    """Whether a language tag is the wanted language or a variety of it (RFC 4647, section 3.3.1)."""
    return bool(language and wanted) and f"{language}-".startswith(f"{wanted}-")


def _classes(database: sqlite3.Connection, name: str | None) -> list[int] | None:
    if name is None:
        return None
    found = [number for (number,) in database.execute("SELECT class FROM called WHERE name = ?", (name,))]
    if not found:
        known = ", ".join(known for (known,) in database.execute(_TYPES, (_NAMED,)))
        raise SearchRefused(f"There is nothing of type {name} here; there are: {known}.")
    return found


def _hit(database: sqlite3.Connection, thing: int, place: Place, language: str | None) -> Hit:
    iri, type_ = database.execute("SELECT iri, type FROM thing WHERE id = ?", (thing,)).fetchone()
    labels = {number: row for number, *row in database.execute(_SHOWN, (thing,))}

    def liking(number: int) -> tuple[int, int, int, int]:
        rank, property_, _, tag = labels[number]
        return rank, _distance(tag, language), property_, number

    best, tier = min(labels, key=liking), TIERS[place[0]]
    _, _, shown, shown_language = labels[best]
    _, _, matched, matched_language = labels[best if tier == "several-labels" else place[-1]]
    return Hit(iri, type_, shown, shown_language, tier, matched, matched_language)


def _distance(tag: str | None, language: str | None) -> int:
    """How far a label's language is from the wanted one: that, none, English, Swedish, another."""
    order = (_is(tag, language), tag is None, _is(tag, "en"), _is(tag, "sv"), True)
    return order.index(True)
