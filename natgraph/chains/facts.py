"""What is known of barriers beside their links: law, power, encounters, measures, names, sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natgraph.chains.things import Text

Many = Mapping[str, Sequence[str]]
"""From an IRI to IRIs (or literals), in order."""


@dataclass(frozen=True, slots=True)
class Traits:
    """A barrier's kind, the levels at which it arises and is felt, and its state when the source was written.

    All are slugs of code lists, empty where nothing is said.
    """

    type: str = ""
    arises: Sequence[str] = ()
    affects: Sequence[str] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class Power:
    """A claim that an actor can remove, influence or must be consulted about a barrier (slug ``power``)."""

    claim: str
    barrier: str
    actor: str
    power: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Met:
    """A claim that a party has met a barrier."""

    claim: str
    barrier: str
    party: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What a measure does about a barrier; ``start`` is a day (ISO 8601), ``stated`` the date as printed."""

    claim: str
    barrier: str
    measure: str
    effect: str
    status: str = ""
    start: str = ""
    stated: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A dated step that a source states."""

    claim: str
    barrier: str
    step: str
    date: str
    stated: str = ""


@dataclass(frozen=True)
class Facts:
    """All of it, by IRI. ``relations`` holds, by the local name of a property, what relates to what."""

    names: Mapping[str, Text] = field(default_factory=dict)
    traits: Mapping[str, Traits] = field(default_factory=dict)
    relations: Mapping[str, Many] = field(default_factory=dict)
    sources: Many = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    rationales: Mapping[str, Text] = field(default_factory=dict)
    powers: Mapping[str, Sequence[Power]] = field(default_factory=dict)
    encounters: Mapping[str, Sequence[Met]] = field(default_factory=dict)
    measures: Mapping[str, Sequence[Tried]] = field(default_factory=dict)
    changes: Mapping[str, Sequence[Change]] = field(default_factory=dict)

    def related(self, prop: str, thing: str) -> Sequence[str]:
        """What a thing is related to by a property, for instance ``related("groundedIn", barrier)``."""
        return self.relations.get(prop, {}).get(thing, ())

    def inverse(self, prop: str, value: str) -> list[str]:
        """What is related by a property to a thing."""
        return [thing for thing, values in self.relations.get(prop, {}).items() if value in values]
