"""The service description (https://www.w3.org/TR/sparql11-service-description/) of the endpoint."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from natgraph.engine import Limits
from natgraph.formats import Format
from natgraph.guard import MAX_DEPTH
from natgraph.terms import PREFIXES, RDF, RDFS, Namespace

SD = Namespace("sd", "http://www.w3.org/ns/sparql-service-description#")
_FORMATS = Namespace("formats", "http://www.w3.org/ns/formats/")
_NAMES = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "N-Quads",
    "TriG",
)

_MERGED = (
    ("en", "The merge of the named graphs, each triple once."),
    ("sv", "De namngivna grafernas sammanslagning, varje trippel en gång."),
)


def describe(endpoint: str, graphs: list[str], limits: Limits, merged: bool, form: Format) -> bytes:
    """The description of the endpoint at an address, with its named graphs, formats and limits.

    ``merged``: its default graph is the merge of the named ones.
    """
    assert isinstance(form.engine, RdfFormat)  # noqa: S101 - the caller picks from GRAPHS
    prefixes = {**PREFIXES, "sd": SD.iri}
    written = serialize(_triples(endpoint, graphs, limits, merged), format=form.engine, prefixes=prefixes)
    assert written is not None  # noqa: S101 - the engine returns bytes when no file is named
    return written


def _triples(endpoint: str, graphs: list[str], limits: Limits, merged: bool) -> Iterator[Triple]:
    service, dataset = NamedNode(endpoint), NamedNode(f"{endpoint}#dataset")
    default = NamedNode(f"{endpoint}#default-graph")
    yield Triple(service, RDF["type"], SD["Service"])
    yield Triple(service, SD["endpoint"], service)
    yield Triple(service, SD["supportedLanguage"], SD["SPARQL11Query"])
    for name in _NAMES:
        yield Triple(service, SD["resultFormat"], _FORMATS[name])
    for language, text in _limits(limits):
        yield Triple(service, RDFS["comment"], Literal(text, language=language))
    yield Triple(service, SD["defaultDataset"], dataset)
    yield Triple(dataset, RDF["type"], SD["Dataset"])
    yield Triple(dataset, SD["defaultGraph"], default)
    yield Triple(default, RDF["type"], SD["Graph"])
    if merged:
        for language, text in _MERGED:
            yield Triple(default, RDFS["comment"], Literal(text, language=language))
    for number, graph in enumerate(graphs, start=1):
        node = NamedNode(f"{endpoint}#graph-{number}")
        yield Triple(dataset, SD["namedGraph"], node)
        yield Triple(node, RDF["type"], SD["NamedGraph"])
        yield Triple(node, SD["name"], NamedNode(graph))


def _limits(limits: Limits) -> Iterator[tuple[str, str]]:
    seconds, rows, depth = f"{limits.seconds:g}", limits.rows, MAX_DEPTH
    memory, size = limits.memory >> 20, limits.bytes >> 20
    en = (
        f"Limits of a query: {seconds} seconds, {memory} MiB of memory, {rows} rows, {size} MiB of answer, "
        f"{depth} nested brackets, {limits.text} bytes of text. No federation, no updates."
    )
    sv = (
        f"Gränser för en fråga: {seconds} sekunder, {memory} MiB minne, {rows} rader, {size} MiB svar, "
        f"{depth} nästlade parenteser, {limits.text} byte text. Ingen federation, inga uppdateringar."
    )
    yield from (("en", en), ("sv", sv))
