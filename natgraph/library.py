"""The canned queries: one a file, each explaining itself in ``#+`` lines (YAML), and as records in the graph.

In the graph they are SHACL executables (https://www.w3.org/TR/shacl-af/#sparql-executables, ``sh:select``),
which is where generic editors look for example queries.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import Literal, NamedNode, Quad

from natgraph.errors import DataFault, NotFound
from natgraph.paths import package
from natgraph.terms import QUERIES, RDF, RDFS, SH, SKOS, record


def library(folder: Path | None = None) -> dict[str, str]:
    """The canned queries: name → text."""
    found = sorted((folder or package() / "queries").glob("*.rq"))
    return {path.stem: path.read_text(encoding="utf-8") for path in found}


def canned(name: str) -> str:
    """The text of one canned query; raises NotFound."""
    texts = library()
    if name not in texts:
        raise NotFound(f"The query {name}", sorted(texts))
    return texts[name]


def header(query: str) -> dict[str, Any]:
    """What a query says of itself in its ``#+`` lines."""
    lines = [line[2:].removeprefix(" ") for line in query.splitlines() if line.startswith("#+")]
    return dict(yaml.safe_load("\n".join(lines)) or {})


def body(query: str) -> str:
    """The query without the lines in which it explains itself."""
    return "\n".join(line for line in query.splitlines() if not line.startswith("#+"))


def records(folder: Path | None = None) -> Iterator[Quad]:
    """The canned queries as records of the queries' graph; raises DataFault for one without a header."""
    for name, text in library(folder).items():
        said = header(text)
        try:
            texts = [(p, said[key][lang], lang) for p, key in _TEXTS for lang in ("sv", "en")]
        except (KeyError, TypeError) as error:
            path = (folder or package() / "queries") / f"{name}.rq"
            cure = "give title and summary, each with sv and en, in #+ lines"
            raise DataFault(path, 1, 1, f"the #+ header lacks {error}", cure) from error
        yield from _record(record("query", name), body(text), texts)


_TEXTS = ((SKOS["prefLabel"], "title"), (RDFS["comment"], "summary"))


def _record(subject: NamedNode, text: str, texts: list[tuple[NamedNode, str, str]]) -> Iterator[Quad]:
    for kind in ("SPARQLExecutable", "SPARQLSelectExecutable"):
        yield Quad(subject, RDF["type"], SH[kind], QUERIES)
    yield Quad(subject, SH["select"], Literal(text), QUERIES)
    for predicate, said, language in texts:
        yield Quad(subject, predicate, Literal(said, language=language), QUERIES)
