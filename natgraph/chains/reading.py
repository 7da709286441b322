"""The index read through SPARQL, once a data version, the same from a store in this process and from afar."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from pyoxigraph import Store

from natgraph.chains.facts import Change, Facts, Met, Power, Traits, Tried
from natgraph.chains.index import ChainIndex
from natgraph.chains.net import Link, net_of
from natgraph.chains.things import KINDS, NECESSITIES, Text, local
from natgraph.errors import ChainFault
from natgraph.library import library
from natgraph.paths import package
from natgraph.queries import rows

Row = Mapping[str, str]
Select = Callable[[str], Iterable[Row]]
"""Answers a SELECT query: a row is variable → text, unbound variables left out. The default graph that it
asks must be the merge of the named graphs, as in natgraph's own stores and services.
"""
Claim = TypeVar("Claim", Power, Met, Tried, Change)


def select_from(store: Store) -> Select:
    """The reader of a store in this process."""
    return partial(rows, store)


def read_index(select: Select, version: str) -> ChainIndex:
    """The index of the graph behind ``select``, of which ``version`` is the data version.

    Raises ChainFault for a link of an unknown kind or from a barrier to itself.
    """
    texts = library(package() / "chains" / "queries")

    def ask(name: str) -> Iterable[Row]:
        return select(texts[name])

    traits = _traits(ask("barriers"))
    net = net_of(map(_link, ask("links")), traits)
    return ChainIndex(version, net, _facts(ask, traits), tuple(sorted(texts)))


def _facts(ask: Callable[[str], Iterable[Row]], traits: Mapping[str, Traits]) -> Facts:
    return Facts(
        names=_texts(ask("names"), "label"),
        traits=traits,
        relations=_relations(ask("relations")),
        sources=_grouped((row["thing"], row["source"]) for row in ask("sources")),
        addresses={row["source"]: row["address"] for row in reversed([*ask("addresses")])},
        rationales=_texts(ask("rationales"), "text"),
        powers=_claims(Power, ask("powers"), power="slug"),
        encounters=_claims(Met, ask("encounters")),
        measures=_claims(Tried, ask("measures"), effect="slug", status="slug"),
        changes=_claims(Change, ask("changes"), step="slug"),
    )


def _link(row: Row) -> Link:
    kind, necessity = local(row["type"]), local(row.get("necessity", "unknown"))
    if kind not in KINDS or necessity not in NECESSITIES:
        raise ChainFault(f"The link {row['link']} has the type {kind} and the necessity {necessity}.")
    return Link(
        row["link"],
        row["cause"],
        row["effect"],
        kind,
        local(row["confidence"]) == "stated",
        local(row.get("polarity", "")) == "refuted",
        necessity,
        row.get("group"),
    )


def _traits(found: Iterable[Row]) -> dict[str, Traits]:
    """The traits of barriers, each once however many levels it has."""
    seen: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        seen[row["barrier"]].append(row)
    return {barrier: _trait(given) for barrier, given in seen.items()}


def _trait(given: Sequence[Row]) -> Traits:
    def slugs(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(local(row[name]) for row in given if name in row))

    return Traits(
        type=next(iter(slugs("type")), ""),
        arises=slugs("arises"),
        affects=slugs("affects"),
        status=next(iter(slugs("status")), ""),
    )


def _texts(found: Iterable[Row], name: str) -> dict[str, Text]:
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for row in found:
        said[row["thing"]][row["language"]] = row[name]
    return {thing: _text(by_language) for thing, by_language in said.items()}


def _text(said: Mapping[str, str]) -> Text:
    """Both languages; one stands in for the other, and a text of no language for both."""
    either = said.get("sv") or said.get("en") or next(iter(said.values()))
    return Text(said.get("sv", either), said.get("en", either))


def _relations(found: Iterable[Row]) -> dict[str, Mapping[str, Sequence[str]]]:
    pairs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        prop = local(row["property"]).rpartition("#")[2]
        pairs[prop][row["thing"]].append(row["value"])
    return {prop: {t: tuple(v) for t, v in things.items()} for prop, things in pairs.items()}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, Sequence[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for thing, value in pairs:
        groups[thing].append(value)
    return {thing: tuple(values) for thing, values in groups.items()}


def _claims(kind: type[Claim], found: Iterable[Row], **how: str) -> dict[str, Sequence[Claim]]:
    """Claims by barrier; a column named in ``how`` holds a concept, of which the slug is kept."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    for row in found:
        values: dict[str, Any] = dict(_columns(row, how))
        claims[row["barrier"]].append(kind(**values))
    return {barrier: tuple(given) for barrier, given in claims.items()}


def _columns(row: Row, how: Mapping[str, str]) -> Iterator[tuple[str, str | bool]]:
    for name, value in row.items():
        if name == "confidence":
            yield "stated", local(value) == "stated"
        else:
            yield name, local(value) if name in how else value
