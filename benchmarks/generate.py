"""Write an invented graph in natgraph's vocabulary as N-Quads, of any size, the same for the same arguments.

``python benchmarks/generate.py --quads 100000 --seed 1 > file.nq``

The graph is made region by region. A region has a platform, the organisations around it, projects with
participations, barriers with links between them, measures, and the sources that tell of them. Each region
draws from a random stream of its own and is written as it is made, so memory does not grow with the size.
Every triple stands in exactly one graph, that of the source which states it; what follows from it by rule
stands in the graph of the rules.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from typing import TextIO

ID = "https://w3id.org/natgraph/id/"
NG = "https://w3id.org/natgraph/def/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMA = "https://schema.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
EDITORS, RULES = f"<{ID}source/natgraph-editors>", f"<{ID}source/natgraph-rules>"

ORGANISATIONS, PROJECTS, PARTNERS, BARRIERS, MEASURES, SOURCES = 10, 30, 4, 16, 5, 12
LOOPS = 0.02
"""The share of regions whose chain of causes bites its own tail."""

SUBJECTS = (
    ("återbruk i byggsektorn", "reuse in construction"),
    ("delad mobilitet", "shared mobility"),
    ("skyfall och översvämning", "cloudbursts and floods"),
    ("lokal energidelning", "local energy sharing"),
    ("öppna geodata", "open geodata"),
    ("digital detaljplan", "digital zoning"),
    ("hållbar upphandling", "sustainable procurement"),
    ("medborgardialog", "citizen dialogue"),
    ("självkörande bussar", "self-driving buses"),
    ("bostäder i småorter", "housing in small towns"),
    ("måltider och matsvinn", "meals and food waste"),
    ("äldreomsorg på distans", "remote elderly care"),
)
DOUBTS = (("Otydligt ansvar för", "Unclear responsibility for"), ("Krav som hindrar", "Requirements against"),
          ("Brist på medel till", "Lack of funds for"), ("Avgift på", "A fee on"))  # fmt: skip
EFFORTS = (("Testbädd för", "Testbed for"), ("Förstudie om", "Pilot study on"),
           ("Utveckling av", "Development of"), ("Samverkan kring", "Cooperation on"))  # fmt: skip
BARRIER_TYPES = ("legal", "financial", "organisational", "market", "mandate", "knowledge", "technical")
LEVELS = ("local", "regional", "national", "eu")
CONFIDENCE = ("stated", "derived")
ROLES = ("partner", "expert", "supplier", "funder")
PROJECT_STATUS = ("planned", "ongoing", "completed", "cancelled")
MEASURE_KINDS = ("state-grant", "law-change", "inquiry", "guidance")
POWERS = ("can-remove", "can-influence", "can-work-around")
ACTORS = ("kommuner", "regioner", "regeringen", "riksdagen", "eu", "foretag")

Quad = tuple[str, str, str, str]
Statements = Iterator[Quad]


def region(number: int, seed: int) -> Statements:
    """All statements of one region, each once."""
    return Region(number, random.Random(f"{seed}/{number}")).statements()


class Region:
    """One region being made: its number tells the names of all its records."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self._number = number
        self._chance = chance
        self._sources = [node("source", f"region-{number}-{k}") for k in range(SOURCES)]

    def statements(self) -> Statements:
        """Records of each kind, one kind after the other."""
        yield from self._all_sources()
        yield from self._platform()
        for k in range(ORGANISATIONS):
            yield from self._organisation(k)
        for k in range(PROJECTS):
            yield from self._project(k)
        for k in range(BARRIERS):
            yield from self._barrier(k)
        for effect, cause in self._causes():
            yield from self._link(effect, cause)
        for k in range(MEASURES):
            yield from self._measure(k)

    def _name(self, k: int, of: int) -> str:
        return str(self._number * of + k)

    def _source(self) -> str:
        return self._chance.choice(self._sources)

    def _near(self, kind: str, of: int) -> str:
        """A record of this region."""
        return node(kind, self._name(self._chance.randrange(of), of))

    def _platform_near(self) -> str:
        """The platform of this region or of one made shortly before it."""
        return node("platform", str(max(0, self._number - self._chance.randrange(4))))

    def _labels(self, subject: str, graph: str, swedish: str, english: str) -> Statements:
        yield subject, f"<{SKOS}prefLabel>", text(swedish, "sv"), graph
        yield subject, f"<{SKOS}prefLabel>", text(english, "en"), graph

    def _all_sources(self) -> Statements:
        for k, source in enumerate(self._sources):
            title = f"Källa {k} i region {self._number}"
            yield source, f"<{TYPE}>", ng("Source"), EDITORS
            yield source, f"<{SKOS}prefLabel>", text(title, "sv"), EDITORS
            yield source, ng("dateRead"), typed(self._day(2024, 2026), "date"), EDITORS
            yield source, f"<{SCHEMA}url>", f"<https://example.org/{self._number}/{k}>", EDITORS

    def _platform(self) -> Statements:
        subject, graph = node("platform", str(self._number)), self._source()
        about = self._chance.choice(SUBJECTS)
        yield subject, f"<{TYPE}>", ng("InnovationPlatform"), graph
        yield from self._labels(subject, graph, f"Plattform för {about[0]}", f"Platform for {about[1]}")
        yield subject, ng("host"), self._near("organisation", ORGANISATIONS), graph
        yield subject, ng("municipality"), node("place", str(self._chance.randrange(290))), graph
        yield subject, ng("programme"), node("programme", str(self._chance.randrange(6))), graph

    def _organisation(self, k: int) -> Statements:
        subject, graph = node("organisation", self._name(k, ORGANISATIONS)), self._source()
        about = self._chance.choice(SUBJECTS)
        yield subject, f"<{TYPE}>", ng("Organisation"), graph
        yield from self._labels(subject, graph, f"Centrum för {about[0]}", f"Centre for {about[1]}")
        yield subject, ng("municipality"), node("place", str(self._chance.randrange(290))), graph

    def _project(self, k: int) -> Statements:
        number = self._name(k, PROJECTS)
        subject, graph, chance = node("project", number), self._source(), self._chance
        what, about = chance.choice(EFFORTS), chance.choice(SUBJECTS)
        first = chance.randint(2012, 2024)
        yield subject, f"<{TYPE}>", ng("Project"), graph
        yield from self._labels(
            subject, graph, f"{what[0]} {about[0]} {number}", f"{what[1]} {about[1]} {number}"
        )
        yield subject, f"<{DCTERMS}identifier>", text(f"{first}-{number}"), graph
        yield subject, ng("platform"), self._platform_near(), graph
        yield subject, ng("grantAmount"), typed(str(chance.randint(100, 9000) * 1000), "decimal"), graph
        yield subject, f"<{SCHEMA}startDate>", typed(self._day(first, first), "date"), graph
        yield subject, f"<{SCHEMA}endDate>", typed(self._day(first + 1, first + 4), "date"), graph
        yield subject, ng("status"), concept("project-status", chance.choice(PROJECT_STATUS)), graph
        partners = chance.sample(range(ORGANISATIONS), PARTNERS)
        for place, partner in enumerate(partners):
            yield from self._participation(number, subject, place, partner)
        yield from self._encounter(number, subject)

    def _participation(self, number: str, project: str, place: int, partner: int) -> Statements:
        subject, graph = node("participation", f"{number}-{place}"), self._source()
        organisation = node("organisation", self._name(partner, ORGANISATIONS))
        role = self._chance.choice(ROLES) if place else "coordinator"
        yield subject, f"<{TYPE}>", ng("Participation"), graph
        yield subject, ng("participatesIn"), project, graph
        yield subject, ng("participant"), organisation, graph
        yield subject, ng("role"), concept("role", role), graph
        yield project, ng("hasParticipant"), organisation, RULES

    def _encounter(self, number: str, project: str) -> Statements:
        subject, graph = node("encounter", number), self._source()
        yield subject, f"<{TYPE}>", ng("Encounter"), graph
        yield subject, ng("barrier"), self._near("barrier", BARRIERS), graph
        yield subject, ng("metBy"), project, graph

    def _barrier(self, k: int) -> Statements:
        number = self._name(k, BARRIERS)
        subject, graph, chance = node("barrier", number), self._source(), self._chance
        what, about = chance.choice(DOUBTS), chance.choice(SUBJECTS)
        yield subject, f"<{TYPE}>", ng("PolicyBarrier"), graph
        yield from self._labels(
            subject, graph, f"{what[0]} {about[0]} {number}", f"{what[1]} {about[1]} {number}"
        )
        yield subject, ng("barrierType"), concept("barrier-type", chance.choice(BARRIER_TYPES)), graph
        yield subject, ng("arisesAtLevel"), concept("governance-level", chance.choice(LEVELS)), graph
        yield subject, ng("asOf"), typed(str(chance.randint(2014, 2025)), "gYear"), graph
        duty = node("responsibility", number)
        yield duty, f"<{TYPE}>", ng("Responsibility"), graph
        yield duty, ng("barrier"), subject, graph
        yield duty, ng("actor"), concept("actor-category", chance.choice(ACTORS)), graph
        yield duty, ng("power"), concept("power", chance.choice(POWERS)), graph

    def _causes(self) -> Iterator[tuple[int, int]]:
        """Pairs of an effect and its cause: the first three barriers are roots, a few chains are loops."""
        for effect in range(3, BARRIERS):
            count = self._chance.randint(1, 2)
            for cause in sorted({self._chance.randint(max(0, effect - 5), effect - 1) for _ in range(count)}):
                yield effect, cause
        if self._chance.random() < LOOPS:
            yield 0, BARRIERS - 1

    def _link(self, effect: int, cause: int) -> Statements:
        names = self._name(effect, BARRIERS), self._name(cause, BARRIERS)
        subject, graph = node("barrier-link", "-".join(names)), self._source()
        yield subject, f"<{TYPE}>", ng("BarrierLink"), graph
        yield subject, ng("effect"), node("barrier", names[0]), graph
        yield subject, ng("cause"), node("barrier", names[1]), graph
        yield subject, ng("linkType"), concept("link-type", "causes"), graph
        yield subject, ng("confidence"), concept("confidence", self._chance.choice(CONFIDENCE)), graph
        yield node("barrier", names[0]), ng("causedBy"), node("barrier", names[1]), RULES

    def _measure(self, k: int) -> Statements:
        number = self._name(k, MEASURES)
        subject, graph = node("measure", number), self._source()
        about = self._chance.choice(SUBJECTS)
        yield subject, f"<{TYPE}>", ng("Measure"), graph
        yield from self._labels(subject, graph, f"Stöd till {about[0]}", f"Support for {about[1]}")
        yield subject, ng("measureKind"), concept("measure-kind", self._chance.choice(MEASURE_KINDS)), graph
        yield subject, ng("takenBy"), self._near("organisation", ORGANISATIONS), graph
        effect = node("measure-effect", number)
        yield effect, f"<{TYPE}>", ng("MeasureEffect"), graph
        yield effect, ng("measure"), subject, graph
        yield effect, ng("barrier"), self._near("barrier", BARRIERS), graph
        yield effect, ng("effectKind"), concept("effect-kind", "mitigates"), graph

    def _day(self, first: int, last: int) -> str:
        chance = self._chance
        return f"{chance.randint(first, last)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def node(kind: str, name: str) -> str:
    """A record's IRI."""
    return f"<{ID}{kind}/{name}>"


def concept(scheme: str, name: str) -> str:
    """The IRI of a code list's entry."""
    return f"<{ID}concept/{scheme}/{name}>"


def ng(name: str) -> str:
    """A term of natgraph's ontology."""
    return f"<{NG}{name}>"


def text(value: str, language: str = "") -> str:
    """A literal; none of ours holds a character that has to be escaped."""
    return f'"{value}"@{language}' if language else f'"{value}"'


def typed(value: str, datatype: str) -> str:
    """A literal of an XML Schema type."""
    return f'"{value}"^^<{XSD}{datatype}>'


def write(out: TextIO, quads: int, seed: int) -> int:
    """Write whole regions until there are at least so many quads; how many there are."""
    written = number = 0
    while written < quads:
        lines = [f"{s} {p} {o} {g} .\n" for s, p, o, g in region(number, seed)]
        out.writelines(lines)
        written += len(lines)
        number += 1
    return written


def main() -> None:
    """Read the arguments and write to standard output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quads", type=int, default=100_000, help="at least so many (whole regions)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(write(sys.stdout, options.quads, options.seed), "quads", file=sys.stderr)


if __name__ == "__main__":
    main()
