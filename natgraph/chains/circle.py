"""Who belongs together when it is asked what a municipality or organisation meets and may do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from natgraph.chains.facts import Facts
from natgraph.chains.index import ChainIndex
from natgraph.chains.things import Thing, local, type_of

TYPES = ("place", "organisation", "platform")


@dataclass(frozen=True, slots=True)
class Circle:
    """Those who act and those who meet barriers, as IRIs.

    ``actors``: the organisation, its units, the categories it belongs to ("every municipality") and the
    bodies that every member of these has ("building committees"). ``parties``: the organisation, its units,
    its platforms and their projects.
    """

    thing: Thing
    actors: frozenset[str]
    parties: frozenset[str]
    places: frozenset[str]


def circle(index: ChainIndex, reference: str) -> Circle:
    """The circle of a municipality (as place or organisation), an organisation or a platform.

    Raises NotFound with near matches.
    """
    facts = index.facts
    iri = index.known(reference, TYPES)
    if type_of(iri) == "platform":
        hosts = set(facts.related("host", iri))
        parties = {iri, *facts.inverse("platform", iri)}
        places = set(facts.related("municipality", iri))
    else:
        hosts = _municipality(facts, iri) if type_of(iri) == "place" else {iri}
        places = {iri} if type_of(iri) == "place" else _own_places(facts, iri)
        parties = _parties(facts, hosts, places)
    own = _with_units(facts, hosts)
    groups = {category for host in hosts for category in categories_of(facts, host)}
    bodies = {body for group in groups for body in facts.inverse("partOfEach", group)}
    return Circle(index.thing(iri), frozenset(own | groups | bodies), frozenset(parties), frozenset(places))


def categories_of(facts: Facts, organisation: str) -> set[str]:
    """The actor categories that an organisation belongs to: by its kind and place, and what is broader."""
    kinds = set(facts.related("classification", organisation))
    places = set(facts.related("municipality", organisation))
    places |= {county for place in places for county in facts.related("inCounty", place)}
    found = {
        category
        for category, covered in facts.relations.get("coversKind", {}).items()
        if kinds & set(covered) and _is_there(facts.related("coversPlace", category), places)
    }
    return _closure(found, lambda category: facts.related("broader", category))


def _is_there(only: Iterable[str], places: set[str]) -> bool:
    narrowed = set(only)
    return not narrowed or bool(narrowed & places)


def _municipality(facts: Facts, place: str) -> set[str]:
    """The municipality as an organisation, of a place."""
    there = facts.inverse("municipality", place)
    return {
        org for org in there if any(local(k) == "municipality" for k in facts.related("classification", org))
    }


def _own_places(facts: Facts, organisation: str) -> set[str]:
    """The place that an organisation governs: that of a municipality."""
    kinds = map(local, facts.related("classification", organisation))
    return set(facts.related("municipality", organisation)) if "municipality" in kinds else set()


def _parties(facts: Facts, hosts: set[str], places: set[str]) -> set[str]:
    in_place = {t for place in places for t in facts.inverse("municipality", place)}
    platforms = {iri for iri in in_place if type_of(iri) == "platform"}
    platforms |= {platform for host in hosts for platform in facts.inverse("host", host)}
    projects = {project for platform in platforms for project in facts.inverse("platform", platform)}
    return _with_units(facts, hosts) | platforms | projects


def _with_units(facts: Facts, hosts: set[str]) -> set[str]:
    return _closure(hosts, lambda whole: facts.inverse("subOrganizationOf", whole))


def _closure(start: set[str], more: Callable[[str], Iterable[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        new = [iri for iri in more(waiting.pop()) if iri not in found]
        found.update(new)
        waiting += new
    return found
