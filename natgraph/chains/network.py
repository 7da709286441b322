"""The barriers and the claims between them, read from the graph by the library's queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from pyoxigraph import Store

from natgraph.errors import NotFound
from natgraph.library import canned
from natgraph.queries import rows
from natgraph.terms import record

Language = Literal["sv", "en"]
Row = Mapping[str, str]
CAUSAL = frozenset({"causes", "reinforces"})


@dataclass(frozen=True)
class Claim:
    """One claim that a barrier causes, reinforces or is part of another; all but the last are causal."""

    iri: str
    cause: str
    effect: str
    kind: str
    stated: bool


@dataclass(frozen=True)
class Network:
    """All claims; by barrier its laws, actors and measures; by thing its sources and names (keys: IRIs)."""

    claims: Sequence[Claim]
    laws: Mapping[str, Sequence[Row]]
    actors: Mapping[str, Sequence[Row]]
    measures: Mapping[str, Sequence[Row]]
    sources: Mapping[str, Sequence[Row]]
    names: Mapping[str, Mapping[str, str]]

    def name(self, iri: str, language: Language) -> str:
        """The name in that language, else in the other, else the end of the IRI."""
        names = self.names.get(iri, {})
        return names.get(language) or next(iter(names.values()), local(iri))

    def barrier(self, slug: str) -> str:
        """The IRI of a barrier; raises NotFound with near matches."""
        iri = record("barrier", slug).value
        if iri not in self.names:
            known = [local(i) for i in self.names if i.startswith(record("barrier", "").value)]
            raise NotFound(f"The barrier {slug}", get_close_matches(slug, known, cutoff=0.5))
        return iri


def local(iri: str) -> str:
    """The last part of an IRI: a slug."""
    return iri.rpartition("/")[2]


def read_network(store: Store) -> Network:
    """The network of a snapshot (named graphs and their merge)."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _ask(store, "labels"):
        names[row["thing"]][row["language"]] = row["label"]
    return Network(
        claims=[_claim(row) for row in _ask(store, "chain-claims")],
        laws=_grouped(store, "chain-laws", "barrier"),
        actors=_grouped(store, "chain-actors", "barrier"),
        measures=_grouped(store, "chain-measures", "barrier"),
        sources=_grouped(store, "chain-sources", "thing"),
        names=dict(names),
    )


def _ask(store: Store, name: str) -> list[dict[str, str]]:
    return rows(store, canned(name))


def _grouped(store: Store, name: str, key: str) -> Mapping[str, Sequence[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in _ask(store, name):
        groups[row[key]].append(row)
    return dict(groups)


def _claim(row: Row) -> Claim:
    return Claim(
        row["claim"], row["cause"], row["effect"], local(row["type"]), local(row["confidence"]) == "stated"
    )
