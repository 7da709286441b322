"""What results are made of: named things, their sources, steps between barriers, and how it was found out.

Every result is a frozen dataclass that carries IRIs, names in Swedish and English, the evidence and the data
version, so that a face (HTTP, command line, page) has nothing to look up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["causes", "reinforces", "part-of"]
Direction = Literal["causes", "effects", "both"]
Language = Literal["sv", "en"]
Necessity = Literal["unknown", "necessary", "contributing", "sufficient"]

KINDS: tuple[Kind, ...] = ("causes", "reinforces", "part-of")
NECESSITIES: tuple[Necessity, ...] = ("unknown", "necessary", "contributing", "sufficient")
CAUSAL: frozenset[Kind] = frozenset({"causes", "reinforces"})
"""The relations that a chain follows unless others are asked for."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in Swedish and English; where the data has one language only, both are that one."""

    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Thing:
    """Anything with an IRI and a name."""

    iri: str
    name: Text

    @property
    def slug(self) -> str:
        """The last part of the IRI."""
        return local(self.iri)


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is said: the source's IRI, and its address (or, if it has none, its title)."""

    iri: str
    address: str


@dataclass(frozen=True, slots=True)
class Step:
    """One claim that a barrier leads to another, with what it rests on.

    ``stated``: a source says it; else the editors conclude it, and ``rationale`` says why. ``refuted``: a
    source has shown it to be wrong, so no chain follows it. ``group``: steps to the same effect with the same
    group work together.
    """

    link: str
    cause: Thing
    effect: Thing
    kind: Kind
    stated: bool
    refuted: bool = False
    necessity: Necessity = "unknown"
    group: str | None = None
    rationale: Text | None = None
    sources: Sequence[Source] = ()
    against: Sequence[Source] = ()

    @property
    def strength(self) -> tuple[bool, bool, int]:
        """How well it is founded, for comparison: stated, uncontradicted, and by how many sources."""
        return (self.stated, not self.against, len(self.sources))


@dataclass(frozen=True, slots=True)
class How:
    """How an answer was found: in words, from which data version, and by which queries the data was read."""

    method: Text
    version: str
    queries: Sequence[str]


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit that was met: what was limited, at how many, and that more exists."""

    what: Text
    limit: int


def local(iri: str) -> str:
    """The last part of an IRI: a slug.

    >>> local("https://w3id.org/natgraph/id/barrier/reuse-hard-to-scale")
    'reuse-hard-to-scale'
    """
    return iri.rpartition("/")[2]


def type_of(iri: str) -> str:
    """The type in the IRI of a record.

    >>> type_of("https://w3id.org/natgraph/id/barrier/reuse-hard-to-scale")
    'barrier'
    """
    return iri.rpartition("/")[0].partition("/id/")[2]
