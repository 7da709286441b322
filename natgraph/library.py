"""The canned queries: one a file, each explaining itself in ``#+`` lines (YAML), and as records in the graph.

In the graph they are SHACL executables (https://www.w3.org/TR/shacl-af/#sparql-executables, ``sh:select``),
which is where generic editors look for example queries.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import Literal, NamedNode, Quad

from natgraph.bindings import parameters_of
from natgraph.errors import DataFault, NotFound
from natgraph.parameters import LANGUAGES, TYPES, Parameter
from natgraph.paths import package
from natgraph.terms import QUERIES, RDF, RDFS, SH, SKOS, record


def library(folder: Path | None = None) -> dict[str, str]:
    """The canned queries: name → text."""
    found = sorted((folder or package() / "queries").glob("*.rq"))
    return {path.stem: path.read_text(encoding="utf-8") for path in found}


@dataclass(frozen=True)
class Canned:
    """A canned query: what it says of itself, by language where it is for reading, and its text.

    ``example`` holds a value, as a user would give it, for each parameter.
    """

    name: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    audience: str
    parameters: tuple[Parameter, ...]
    example: Mapping[str, str]
    text: str


AUDIENCES = ("policymaker", "researcher", "portal")


def canned(name: str) -> Canned:
    """One canned query; raises NotFound with near matches."""
    texts = library()
    if name not in texts:
        raise NotFound(f"The query {name[:100]}", get_close_matches(name, texts, cutoff=0.4))
    return read(name, texts[name])


def all_canned() -> list[Canned]:
    """All canned queries, by name."""
    return [read(name, text) for name, text in library().items()]


def header(query: str) -> dict[str, Any]:
    """What a query says of itself in its ``#+`` lines."""
    lines = [line[2:].removeprefix(" ") for line in query.splitlines() if line.startswith("#+")]
    return dict(yaml.safe_load("\n".join(lines)) or {})


def body(query: str) -> str:
    """The query without the lines in which it explains itself."""
    return "\n".join(line for line in query.splitlines() if not line.startswith("#+"))


def read(name: str, text: str, folder: Path | None = None) -> Canned:
    """A canned query from its text; raises DataFault if its header lacks something or does not fit it."""
    said = header(text)
    try:
        made = Canned(
            name,
            _both(said["title"]),
            _both(said["summary"]),
            str(said["audience"]),
            tuple(_parameter(name, given) for name, given in said.get("parameters", {}).items()),
            {key: str(value) for key, value in said.get("example", {}).items()},
            body(text),
        )
        fault = _fault(made)
    except (KeyError, TypeError, AttributeError) as error:
        fault = f"the #+ header lacks {error}"
    if fault:
        path = (folder or package() / "queries") / f"{name}.rq"
        cure = "give title, summary (sv and en), audience, and type, sv and en of each parameter, in #+ lines"
        raise DataFault(path, 1, 1, fault, cure)
    return made


def records(folder: Path | None = None) -> Iterator[Quad]:
    """The canned queries as records of the queries' graph; raises DataFault for one without a header."""
    for name, text in library(folder).items():
        yield from _record(record("query", name), read(name, text, folder))


def _parameter(name: str, given: Mapping[str, Any]) -> Parameter:
    default = given.get("default")
    return Parameter(name, str(given["type"]), None if default is None else str(default), _both(given))


def _both(said: Mapping[str, Any]) -> dict[str, str]:
    return {lang: str(said[lang]) for lang in LANGUAGES}


def _fault(query: Canned) -> str | None:
    """What does not fit in a header."""
    names = {parameter.name for parameter in query.parameters}
    if query.audience not in AUDIENCES:
        return f"the audience is one of {', '.join(AUDIENCES)}"
    if unknown := {parameter.type for parameter in query.parameters} - set(TYPES):
        return f"there is no type {', '.join(sorted(unknown))}"
    if names != set(parameters_of(query.text)) or names != set(query.example):
        return "parameters, example and the VALUES line do not name the same"
    return "a parameter has a name that the address uses" if names & RESERVED else None


RESERVED = frozenset({"limit", "offset", "format"})
_TEXTS = ((SKOS["prefLabel"], "title"), (RDFS["comment"], "summary"))


def _record(subject: NamedNode, query: Canned) -> Iterator[Quad]:
    for kind in ("SPARQLExecutable", "SPARQLSelectExecutable"):
        yield Quad(subject, RDF["type"], SH[kind], QUERIES)
    yield Quad(subject, SH["select"], Literal(query.text), QUERIES)
    for predicate, key in _TEXTS:
        for language, said in getattr(query, key).items():
            yield Quad(subject, predicate, Literal(said, language=language), QUERIES)
