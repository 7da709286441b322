"""The figures of the findings, found by the chain library and by canned queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, Store

from natgraph.bindings import example_of, without_values
from natgraph.chains import ChainIndex, Gaps, RootCauses, Thing, gaps, root_causes, trace
from natgraph.chains.roots import RootCause
from natgraph.chains.things import NECESSITIES, local
from natgraph.chains.trace import Path
from natgraph.library import canned
from natgraph.queries import rows
from natgraph.report.supported import longest, well_supported

TOP, CHAINS, WAITING, KEYS = 10, 5, 10, 3
"""How many places of root causes, chains, and barriers without anyone responsible are told; and from how many
barriers on an actor who can remove them is named.
"""

DONE = frozenset({"in-force", "completed"})
Table = Sequence[Mapping[str, str]]
QUERIES = (
    "effects-by-kind-of-measure",
    "evidence-of-chains",
    "evidence-of-claims",
    "evidence-of-links",
    "figures",
    "measures-taken-back",
    "measures-that-remove",
    "root-causes-by-reach",
    "steps-since",
    "who-can-remove-most",
)
_ALL_YEARS = Literal(1900)


@dataclass(frozen=True)
class Root:
    """A root cause in the first places; ``stated``: how many barriers it reaches by stated steps alone."""

    cause: RootCause
    stated: int


@dataclass(frozen=True)
class Unanswered:
    """A barrier that nobody is known to be responsible for, and how many barriers lie downstream of it."""

    barrier: Thing
    level: str
    downstream: int


@dataclass(frozen=True)
class Effects:
    """Pairs of measure and barrier by what the measure does; ``label``: the kind or state of the measures."""

    label: str
    removes: int
    mitigates: int
    investigates: int
    pairs: int


@dataclass(frozen=True)
class Findings:
    """All that the page tells, names in one language; ``tables`` are rows of canned queries by their name.

    ``statuses`` counts barriers by status; ``longest`` is the steps of the longest chain, whoever says so.
    """

    version: str
    tables: Mapping[str, Table]
    roots: RootCauses
    first: Sequence[Root]
    chains: Sequence[Path]
    longest: int
    gaps: Gaps
    unanswered: Sequence[Unanswered]
    statuses: Mapping[str, int]
    unknown_necessity: int
    refuted: int

    @property
    def missing(self) -> Mapping[str, int]:
        """How many barriers have each gap."""
        return {gap.slug: len(gap.barriers) for gap in self.gaps.gaps}

    @property
    def stable(self) -> int:
        """How many of the first roots have a stable place."""
        return sum(bool(root.cause.stability and root.cause.stability.stable) for root in self.first)

    @property
    def unsupported(self) -> int:
        """How many of the first roots lead to nothing by stated steps."""
        return sum(root.stated == 0 for root in self.first)

    @property
    def holders(self) -> Table:
        """Those who can remove at least ``KEYS`` barriers; so no single municipality is held up."""
        return [row for row in self.tables["who-can-remove-most"] if int(row["barriers"]) >= KEYS]

    @property
    def powers(self) -> Mapping[str, str]:
        """How many claims of power there are, stated and derived."""
        evidence = self.tables["evidence-of-claims"]
        return next(row for row in evidence if local(row["class"]) == "Responsibility")

    @property
    def removing(self) -> int:
        """How many pairs of measure and barrier are about removing the barrier."""
        return sum(row.removes for row in self.effects("kindName"))

    @property
    def carried_out(self) -> Table:
        """Those pairs whose measure is in force or completed."""
        return [row for row in self.tables["measures-that-remove"] if local(row["status"]) in DONE]

    def effects(self, column: str) -> list[Effects]:
        """What measures do, by a column of the query; the most pairs first."""
        counted: dict[str, Counter[str]] = {}
        for row in self.tables["effects-by-kind-of-measure"]:
            counts = counted.setdefault(row.get(column, ""), Counter())
            counts[local(row["effect"])] += int(row["pairs"])
        found = [
            Effects(label, n["removes"], n["mitigates"], n["investigates"], n.total())
            for label, n in counted.items()
        ]
        return sorted(found, key=lambda effects: (-effects.pairs, effects.label))

    def total(self, query: str, column: str) -> int:
        """The sum of a column of a canned query's rows."""
        return sum(int(row[column]) for row in self.tables[query])


def find(store: Store, index: ChainIndex, lang: str) -> Findings:
    """The findings in the graph of a store, of which the index was read."""
    tables = {name: _ask(store, name, lang) for name in QUERIES}
    roots, missing = root_causes(index), gaps(index)
    net = index.net
    return Findings(
        index.version,
        tables,
        roots,
        _first(roots, tables["root-causes-by-reach"]),
        well_supported(index, CHAINS),
        longest(index),
        missing,
        _unanswered(index, missing, lang),
        Counter(index.traits(number).status for number in range(len(net.barriers))),
        int((net.necessity == NECESSITIES.index("unknown")).sum()),
        int(net.refuted.sum()),
    )


def _ask(store: Store, name: str, lang: str) -> Table:
    """The rows of a canned query in a language, over all years."""
    text = canned(name).text
    values = {**dict(example_of(text)), "lang": Literal(lang), "since": _ALL_YEARS}
    bindings = tuple((given, values[given]) for given, _ in example_of(text))
    return rows(store, without_values(text, bindings), dict(bindings))


def _first(roots: RootCauses, table: Table) -> list[Root]:
    stated = {row["root"]: int(row["statedReach"]) for row in table}
    first = [cause for cause in roots.roots if cause.rank <= TOP]
    return [Root(cause, max(stated.get(b.iri, 0) for b in cause.barriers)) for cause in first]


def _unanswered(index: ChainIndex, missing: Gaps, lang: str) -> list[Unanswered]:
    """Those that most lies downstream of, first."""
    gap = next(gap for gap in missing.gaps if gap.slug == "nobody-responsible")
    found = []
    for thing in gap.barriers:
        arises = index.traits(index.number(thing.iri)).arises
        level = ", ".join(getattr(index.concept("governance-level", slug), lang) for slug in arises)
        after = trace(index, thing.iri, "effects").chain.nodes
        found.append(Unanswered(thing, level, len(after) - 1))
    return sorted(found, key=lambda one: (-one.downstream, one.barrier.iri))
