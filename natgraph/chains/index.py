"""The index of one data version: everything that answers about barrier chains are made from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from natgraph.chains.facts import Facts, Traits
from natgraph.chains.net import Link, Net, net_of
from natgraph.chains.things import KINDS, NECESSITIES, How, Source, Step, Text, Thing, local, type_of
from natgraph.errors import NotFound
from natgraph.terms import record


@dataclass(frozen=True, eq=False)
class ChainIndex:
    """Barriers, links and facts of one data version; immutable, so it can be shared and kept.

    ``queries`` are the names of the queries by which it was read.
    """

    version: str
    net: Net
    facts: Facts = field(default_factory=Facts)
    queries: tuple[str, ...] = ()

    def number(self, barrier: str) -> int:
        """The number of a barrier, given by IRI or slug; raises NotFound with near matches."""
        for iri in (barrier, *([] if "/" in barrier else [_barrier(barrier)])):
            place = self.net.barriers.place(iri)
            if place is not None:
                return place
        known = [local(iri) for iri in self.net.barriers]
        raise NotFound(f"The barrier {barrier}", get_close_matches(local(barrier), known, cutoff=0.5))

    def barrier(self, number: int) -> Thing:
        """The barrier of that number."""
        return self.thing(self.net.barriers[number])

    def thing(self, iri: str) -> Thing:
        """A thing with its names, or with its slug where it has none."""
        return Thing(iri, self.facts.names.get(iri) or Text(local(iri), local(iri)))

    def concept(self, scheme: str, slug: str) -> Text:
        """The name of a concept of a code list."""
        return self.thing(record(f"concept/{scheme}", slug).value).name

    def known(self, reference: str, types: Iterable[str]) -> str:
        """The IRI of a record given by IRI, or by slug of one of the types; raises NotFound."""
        candidates = [reference] if "/" in reference else [_made(kind, reference) for kind in types]
        for iri in candidates:
            if iri in self.facts.names and type_of(iri) in set(types):
                return iri
        near = [local(iri) for iri in self.facts.names if type_of(iri) in set(types)]
        raise NotFound(reference, get_close_matches(local(reference), near, cutoff=0.5))

    def traits(self, number: int) -> Traits:
        """The traits of a barrier."""
        return self.facts.traits.get(self.net.barriers[number], Traits())

    def sources(self, thing: str) -> tuple[Source, ...]:
        """Where a thing is said."""
        facts = self.facts
        found = dict.fromkeys([*facts.sources.get(thing, ()), *facts.related("supportedBy", thing)])
        return tuple(self._source(iri) for iri in found)

    def step(self, link: int) -> Step:
        """The step of that link's number, with its evidence."""
        net, facts = self.net, self.facts
        iri, group = net.links[link], int(net.group[link])
        return Step(
            link=iri,
            cause=self.barrier(int(net.cause[link])),
            effect=self.barrier(int(net.effect[link])),
            kind=KINDS[net.kind[link]],
            stated=bool(net.stated[link]),
            refuted=bool(net.refuted[link]),
            necessity=NECESSITIES[net.necessity[link]],
            group=None if group < 0 else net.groups[group],
            rationale=facts.rationales.get(iri),
            sources=self.sources(iri),
            against=tuple(self._source(i) for i in facts.related("contradictedBy", iri)),
        )

    def how(self, sv: str, en: str) -> How:
        """How an answer made from this index was found."""
        return How(Text(sv, en), self.version, self.queries)

    def _source(self, iri: str) -> Source:
        return Source(iri, self.facts.addresses.get(iri, iri))


def index_of(
    links: Iterable[Link], barriers: Iterable[str] = (), facts: Facts | None = None, version: str = ""
) -> ChainIndex:
    """An index made from links directly, without a store; raises ChainFault as ``net_of`` does."""
    return ChainIndex(version, net_of(links, barriers), facts or Facts())


def _barrier(slug: str) -> str:
    return _made("barrier", slug)


def _made(kind: str, slug: str) -> str:
    """The IRI of a record; the text itself if the two make none, so that it is simply not found."""
    try:
        return record(kind, slug).value
    except ValueError:
        return slug
