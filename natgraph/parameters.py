"""The parameters of canned queries: their types, and how what someone typed becomes an RDF term.

A thing is given by slug or IRI and must be in the graph; a language, a year and an integer are read as such.
No type takes free text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode

from natgraph.bindings import Bindings, Value
from natgraph.errors import BadParameter, NotFound
from natgraph.terms import NG, RDF, SKOS, XSD, record

LANGUAGES = ("sv", "en")
LISTING = """SELECT DISTINCT ?property ?value ?thing
WHERE {
  VALUES (?property ?value) { (UNDEF UNDEF) }
  ?thing ?property ?value .
}
ORDER BY ?thing
"""
"""What there is of one kind, by its class or code list: the parameters are those of ``Kind.among``."""

_NUMBERS: Mapping[str, tuple[int, int]] = MappingProxyType({"year": (1900, 2100), "integer": (0, 1_000_000)})


@dataclass(frozen=True)
class Kind:
    """Things a parameter may name: the record types a slug may stand for, and what marks such a thing."""

    paths: tuple[str, ...]
    among: tuple[Bindings, ...]


def _of_class(*names: str) -> tuple[Bindings, ...]:
    return tuple((("property", RDF["type"]), ("value", NG[name])) for name in names)


def _in_scheme(name: str) -> Kind:
    scheme = (("property", SKOS["inScheme"]), ("value", record("concept", name)))
    return Kind((f"concept/{name}",), (scheme,))


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "barrier": Kind(("barrier",), _of_class("PolicyBarrier")),
        "platform": Kind(("platform",), _of_class("InnovationPlatform")),
        "place": Kind(("place",), _of_class("Place")),
        "organisation": Kind(("organisation",), _of_class("Organisation")),
        "actor": Kind(("organisation", "concept/actor-category"), _of_class("Organisation", "ActorCategory")),
        "measure": Kind(("measure",), _of_class("Measure")),
        "law": Kind(("legal-act", "legal-provision"), _of_class("LegalAct", "LegalProvision")),
        "theme": _in_scheme("theme"),
        "level": _in_scheme("governance-level"),
    }
)
TYPES = (*KINDS, "language", *_NUMBERS)


@dataclass(frozen=True)
class Parameter:
    """A parameter: its variable, its type (one of ``TYPES``), its default if it has one, its meaning."""

    name: str
    type: str
    default: str | None
    text: Mapping[str, str]


def wanted(parameters: Iterable[Parameter]) -> dict[str, Kind]:
    """The kinds of things of which the known ones are needed to read these parameters."""
    return {p.type: KINDS[p.type] for p in parameters if p.type in KINDS}


def bind(
    parameters: Iterable[Parameter], given: Mapping[str, str], known: Mapping[str, Iterable[str]]
) -> Bindings:
    """The terms for the parameters of a query; ``known`` holds the IRIs of things by type.

    Raises BadParameter for one that is missing, not among the query's, or not of its type, and NotFound, with
    near matches, for a thing that is not in the graph.
    """
    named = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in named:
            near = get_close_matches(name, named) or sorted(named)
            raise BadParameter(f"There is no parameter {name} here.", near)
    return tuple((name, _term(parameter, given.get(name), known)) for name, parameter in named.items())


def _term(parameter: Parameter, given: str | None, known: Mapping[str, Iterable[str]]) -> Value:
    value = parameter.default if given is None else given
    if value is None:
        raise BadParameter(f"The parameter {parameter.name} ({parameter.type}) is missing.")
    if parameter.type in KINDS:
        return _thing(parameter.type, value, known[parameter.type])
    if parameter.type in _NUMBERS:
        return _number(parameter, value)
    if value not in LANGUAGES:
        raise BadParameter(f"{parameter.name} is a language.", LANGUAGES)
    return Literal(value)


def _thing(kind: str, value: str, known: Iterable[str]) -> NamedNode:
    among = set(known)
    candidates = (value,) if "://" in value else (_made(path, value) for path in KINDS[kind].paths)
    for iri in candidates:
        if iri in among:
            return NamedNode(iri)
    slugs = {iri.rpartition("/")[2] for iri in among}
    near = get_close_matches(value.rpartition("/")[2], sorted(slugs), cutoff=0.5)
    raise NotFound(f"The {kind} {value[:200]}", near)


def _made(path: str, slug: str) -> str | None:
    """The IRI of a record; None if the two make none, so that it is simply not found."""
    try:
        return record(path, slug).value
    except ValueError:
        return None


def _number(parameter: Parameter, value: str) -> Literal:
    least, most = _NUMBERS[parameter.type]
    if not (value.isascii() and value.isdigit() and least <= int(value[:9]) <= most):
        raise BadParameter(f"{parameter.name} is a whole number from {least} to {most}.")
    return Literal(str(int(value[:9])), datatype=XSD["integer"])
