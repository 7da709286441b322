"""The tests of the W3C suites, read from their manifests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from rdflib import RDF, Graph, Namespace
from rdflib.graph import _ObjectType as Node
from rdflib.term import URIRef

HOME = "https://w3c.github.io/rdf-tests/sparql/"
"""What the suite calls its ``sparql`` folder; all relative IRIs are resolved against it."""

MANIFESTS = (
    "sparql10/manifest.ttl",
    "sparql11/manifest-sparql11-query.ttl",
    "sparql11/manifest-sparql11-results.ttl",
)
_MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """One test: its kind (``evaluation``, ``positive``, ``negative``), its files, and its dataset.

    ``data`` are the files of the default graph, ``graphs`` those of the named graphs; ``lax`` says that a
    repeated row may be left out (REDUCED).
    """

    suite: str
    category: str
    name: str
    kind: str
    query: Path
    base: str
    result: Path | None = None
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()
    lax: bool = False

    @property
    def text(self) -> str:
        """The query as a client sends it: with the base that its file has, since the protocol tells none."""
        return f"BASE <{self.base}> {self.query.read_text(encoding='utf-8')}"


def cases(folder: Path) -> Iterator[Case]:
    """All query tests below the suite's ``sparql`` folder, in the order of its manifests."""
    for name in MANIFESTS:
        yield from _cases(folder, folder / name)


def iri_of(folder: Path, path: Path) -> str:
    """The suite's own name for one of its files."""
    return urljoin(HOME, path.relative_to(folder).as_posix())


def _cases(folder: Path, path: Path) -> Iterator[Case]:
    graph = Graph().parse(path, format="turtle", publicID=iri_of(folder, path))
    for included in _members(graph, _MF.include):
        yield from _cases(folder, _file(folder, included))
    for entry in _members(graph, _MF.entries):
        yield _case(folder, graph, entry)


def _members(graph: Graph, predicate: URIRef) -> Iterator[Node]:
    for items in graph.objects(None, predicate):
        yield from graph.items(items)


def _case(folder: Path, graph: Graph, entry: Node) -> Case:
    action, result = graph.value(entry, _MF.action), graph.value(entry, _MF.result)
    query = _file(folder, graph.value(action, _QT.query) or action)
    suite, category = query.relative_to(folder).parts[:2]
    data, graphs = (
        tuple(sorted(_file(folder, item) for item in graph.objects(action, predicate)))
        for predicate in (_QT.data, _QT.graphData)
    )
    base = iri_of(folder, query)
    return Case(
        suite,
        category,
        urldefrag(str(entry)).fragment,
        _kind(str(graph.value(entry, RDF.type))),
        query,
        base,
        _file(folder, result) if result else None,
        data,
        graphs if data or graphs else _named_by(folder, query, base),
        graph.value(entry, _MF.resultCardinality) == _MF.LaxCardinality,
    )


def _kind(type_: str) -> str:
    for kind in ("Positive", "Negative"):
        if f"#{kind}SyntaxTest" in type_:
            return kind.lower()
    if type_.endswith(("#QueryEvaluationTest", "#CSVResultFormatTest")):
        return "evaluation"
    raise ValueError(f"unknown kind of test: {type_}")


def _named_by(folder: Path, query: Path, base: str) -> tuple[Path, ...]:
    """The files that the query itself names by FROM."""
    names = _FROM.findall(query.read_text(encoding="utf-8"))
    files = (_file(folder, urljoin(base, name)) for name in dict.fromkeys(names))
    return tuple(file for file in files if file.exists())


def _file(folder: Path, iri: object) -> Path:
    return folder / str(iri).removeprefix(HOME)
