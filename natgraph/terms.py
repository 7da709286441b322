"""The IRIs that code has to know: namespaces, special graphs, and how record IRIs are made.

The names are a contract with the outside world; the ontology declares them, and a test compares the two.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/natgraph/"


class Namespace:
    """A vocabulary: ``NG["cause"]`` is the term ``https://w3id.org/natgraph/def/cause``.

    >>> NG["cause"].value
    'https://w3id.org/natgraph/def/cause'
    """

    def __init__(self, prefix: str, iri: str) -> None:
        self.prefix = prefix
        self.iri = iri

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self.iri + name)


NG = Namespace("ng", BASE + "def/")
RDF = Namespace("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("rdfs", "http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("owl", "http://www.w3.org/2002/07/owl#")
XSD = Namespace("xsd", "http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("skos", "http://www.w3.org/2004/02/skos/core#")
DCTERMS = Namespace("dcterms", "http://purl.org/dc/terms/")
FOAF = Namespace("foaf", "http://xmlns.com/foaf/0.1/")
ORG = Namespace("org", "http://www.w3.org/ns/org#")
PROV = Namespace("prov", "http://www.w3.org/ns/prov#")
ELI = Namespace("eli", "http://data.europa.eu/eli/ontology#")
GEO = Namespace("geo", "http://www.opengis.net/ont/geosparql#")
SCHEMA = Namespace("schema", "https://schema.org/")
SH = Namespace("sh", "http://www.w3.org/ns/shacl#")

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ns.prefix: ns.iri
        for ns in (NG, RDF, RDFS, OWL, XSD, SKOS, DCTERMS, FOAF, ORG, PROV, ELI, GEO, SCHEMA, SH)
    }
)


def iri(reference: str) -> str:
    """What someone means by an IRI, by type/slug (its IRI), or by a bare slug (as it is).

    >>> iri("legal-act/sfs-2010-900")
    'https://w3id.org/natgraph/id/legal-act/sfs-2010-900'
    """
    if "/" not in reference or ":" in reference:
        return reference
    return f"{BASE}id/{reference}"


def record(kind: str, slug: str) -> NamedNode:
    """The IRI of a record, e.g. ``record("platform", "kiruna")``.

    Raises ValueError if the two do not make a valid IRI.
    """
    return NamedNode(f"{BASE}id/{kind}/{slug}")


def concept(scheme: str, slug: str) -> NamedNode:
    """The IRI of a concept of a code list, e.g. ``concept("power", "can-remove")``."""
    return record(f"concept/{scheme}", slug)


EDITORS: Final = record("source", "natgraph-editors")
RULES: Final = record("source", "natgraph-rules")
ONTOLOGY: Final = record("source", "natgraph-ontology")
QUERIES: Final = record("source", "natgraph-queries")
