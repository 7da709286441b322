"""The canned queries: what they say of themselves, their parameters, and that the chain library agrees.

Where a query and the chain library answer the same question, they are compared for every barrier, platform,
place, actor, law, level or theme there is.
"""

import re
from collections import Counter, defaultdict

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from natgraph.bindings import example_of, heard, parameters_of, told, with_values, without_values
from natgraph.chains import gaps, read_index, root_causes, select_from, trace, who_can_act
from natgraph.chains.circle import circle
from natgraph.chains.encounters import met_by
from natgraph.chains.scope import barriers_of
from natgraph.engine.runner import evaluate
from natgraph.errors import BadParameter, DataFault, NotFound, QueryForbidden
from natgraph.library import all_canned, canned, header, library, read
from natgraph.parameters import KINDS, LISTING, TYPES, Parameter, bind, wanted
from natgraph.queries import rows, run
from natgraph.terms import BASE, RDF, record

pytestmark = pytest.mark.xdist_group("canned")

QUERIES = all_canned()
NAMES = [query.name for query in QUERIES]
XSD_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
NASTY = [
    'sv" } UNION { ?s ?p ?o',
    'sv" ) } ?s ?p ?o . VALUES (?x) { ("',
    "a\nb",
    "'''",
    '"""',
    "#",
    "?barrier",
    "å\u2028ö",
]


@pytest.fixture(scope="module")
def index(store):
    return read_index(select_from(store), "test")


@pytest.fixture(scope="module")
def ask(store):
    """Asks a canned query with parameters as a user gives them."""
    known = {}

    def asked(name, **given):
        query = canned(name)
        for kind, what in wanted(query.parameters).items():
            if kind not in known:
                found = [rows(store, without_values(LISTING, a), dict(a)) for a in what.among]
                known[kind] = [row["thing"] for part in found for row in part]
        bindings = bind(query.parameters, given, known)
        return rows(store, without_values(query.text, bindings), dict(bindings))

    return asked


# what they say of themselves


def test_there_are_enough_for_everyone():
    assert len(QUERIES) >= 15
    assert {query.audience for query in QUERIES} == {"policymaker", "researcher", "portal"}


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_the_header_fits_the_query(ask, query):
    said = header(library()[query.name])
    assert set(said) <= {"title", "summary", "audience", "parameters", "example"}
    assert all(text for part in (query.title, query.summary) for text in part.values())
    assert query.title["sv"] != query.title["en"]
    assert "ORDER BY" in query.text or query.name == "figures"
    assert ask(query.name, **query.example), "the example has no rows"


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_the_example_is_what_the_text_asks_as_it_stands(store, ask, query):
    assert ask(query.name, **query.example) == rows(store, query.text)
    assert with_values(query.text, example_of(query.text)) == query.text


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_columns_are_named_as_fields_of_the_api(store, query):
    columns = [variable.value for variable in run(store, query.text).variables]
    assert columns
    assert [column for column in columns if not re.fullmatch(r"[a-z]+(?:[A-Z][a-z]*)*", column)] == []
    assert set(parameters_of(query.text)) <= set(columns)


@pytest.mark.parametrize(
    "query", [q for q in QUERIES if "lang" in q.example], ids=[q.name for q in QUERIES if "lang" in q.example]
)
def test_two_languages_never_double_rows(ask, query):
    sv, en = (ask(query.name, **{**query.example, "lang": lang}) for lang in ("sv", "en"))

    def things(found):
        """Rows by the IRIs in them."""
        return Counter(tuple(v for _, v in sorted(row.items()) if v.startswith("http")) for row in found)

    assert len(sv) == len(en)
    assert things(sv) == things(en)
    assert {row["lang"] for row in sv} == {"sv"}
    assert max(Counter(tuple(row.items()) for row in sv).values()) == 1


def test_names_fall_back_to_the_other_language():
    store = Store()
    ng, skos = f"{BASE}def/", "http://www.w3.org/2004/02/skos/core#"
    one, two = f"<{BASE}id/project/one>", f"<{BASE}id/project/two>"
    platform = f"<{BASE}id/platform/kiruna>"
    text = f"""
        {one} a <{ng}Project> ; <{ng}platform> {platform} ; <{skos}prefLabel> "ett"@sv , "one"@en .
        {two} a <{ng}Project> ; <{ng}platform> {platform} ; <{skos}prefLabel> "två"@sv ."""
    store.load(text.encode(), RdfFormat.TURTLE)
    query = canned("projects-of-a-platform").text
    bindings = (("platform", record("platform", "kiruna")), ("lang", Literal("en")))
    found = rows(store, without_values(query, bindings), dict(bindings))
    assert sorted(row["name"] for row in found) == ["one", "två"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("#+ audience: policymaker", "#+ audience: nobody"), "audience"),
        (("#+ audience: policymaker\n", ""), "audience"),
        (("type: barrier", "type: text"), "no type text"),
        (("barrier: reuse-hard-to-scale, ", ""), "do not name the same"),
        (("(?barrier ?lang) {", "(?lang ?barier) {"), "do not name the same"),
        (('en: "The barrier', 'fi: "The barrier'), "lacks 'en'"),
    ],
)
def test_a_header_that_does_not_fit_is_a_fault(change, fault):
    text = library()["behind-a-barrier"]
    assert change[0] in text
    with pytest.raises(DataFault, match=fault):
        read("behind-a-barrier", text.replace(*change))


def test_a_query_that_is_not_there_gets_near_ones():
    with pytest.raises(NotFound) as caught:
        canned("behind-barrier")
    assert "behind-a-barrier" in caught.value.near


# parameters are terms


def test_values_are_read_by_type():
    known = {"barrier": [f"{BASE}id/barrier/one", f"{BASE}id/barrier/two"]}
    needed = [Parameter(n, n if n != "lang" else "language", None, {}) for n in ("barrier", "lang", "year")]
    bound = dict(bind(needed, {"barrier": "two", "lang": "en", "year": "2020"}, known))
    assert bound == {
        "barrier": NamedNode(f"{BASE}id/barrier/two"),
        "lang": Literal("en"),
        "year": Literal("2020", datatype=XSD_INTEGER),
    }
    by_iri = bind(needed[:1], {"barrier": f"{BASE}id/barrier/one"}, known)
    assert by_iri == (("barrier", NamedNode(f"{BASE}id/barrier/one")),)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("language", v) for v in ("", "fi", "SV", *NASTY)]
    + [("year", v) for v in ("", "0", "20 20", "-2020", "٢٠٢٠", "99999", "1e3", "9" * 5000, *NASTY)]
    + [("integer", v) for v in ("", "-1", "1.5", *NASTY)],
)
def test_what_is_not_of_its_type_is_refused(kind, value):
    with pytest.raises(BadParameter):
        bind([Parameter("p", kind, None, {})], {"p": value}, {})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", ["", "x> ?p ?o", "../barrier/one", f"{BASE}id/barrier/none", "a b", *NASTY])
def test_what_is_not_in_the_graph_is_not_found(kind, value):
    known = {kind: [f"{BASE}id/{KINDS[kind].paths[0]}/one"]}
    with pytest.raises(NotFound):
        bind([Parameter("p", kind, None, {})], {"p": value}, known)


def test_a_parameter_that_is_missing_or_unknown_is_refused():
    with pytest.raises(BadParameter, match="is missing"):
        bind([Parameter("since", "year", None, {})], {}, {})
    with pytest.raises(BadParameter) as caught:
        bind([Parameter("since", "year", "2020", {})], {"sinc": "2020"}, {})
    assert caught.value.near == ("since",)


@pytest.mark.parametrize("value", NASTY)
def test_a_nasty_value_stays_a_value_here_and_as_text(value):
    """In a worker it is bound, for a store elsewhere it is written: nothing but itself is ever found."""
    query = 'SELECT ?v ?s\nWHERE {\n  VALUES (?v) { ("x") }\n  ?s <urn:p> ?v .\n}'
    store = Store()
    store.load(b'<urn:s> <urn:p> "public" . <urn:t> <urn:p> "secret" .', RdfFormat.TURTLE)
    bindings = (("v", Literal(value)),)
    assert rows(store, with_values(query, bindings)) == []
    assert rows(store, without_values(query, bindings), dict(bindings)) == []
    store.update(f"INSERT DATA {{ <urn:n> <urn:p> {Literal(value)} }}")
    for found in (
        rows(store, with_values(query, bindings)),
        rows(store, without_values(query, bindings), dict(bindings)),
    ):
        assert found == [{"v": value, "s": "urn:n"}]


def test_a_value_with_a_backslash_is_not_written():
    """A store that resolves codepoint escapes first would read the second one as a quotation mark."""
    with pytest.raises(QueryForbidden):
        with_values('SELECT ?v {\n VALUES (?v) { ("x") }\n}', (("v", Literal("\\u0022 } UNION {")),))


def test_terms_come_back_from_json():
    bindings = (
        ("a", NamedNode("urn:a")),
        ("b", Literal("x")),
        ("c", Literal("x", language="sv")),
        ("d", Literal("1", datatype=XSD_INTEGER)),
    )
    assert heard(told(bindings)) == bindings


@pytest.mark.parametrize("names", [("v", "w"), ("w",)])
def test_terms_for_other_parameters_are_refused(names):
    bindings = tuple((name, Literal("x")) for name in names)
    for give in (with_values, without_values):
        with pytest.raises(ValueError, match="parameters"):
            give('SELECT ?v {\n VALUES (?v) { ("x") }\n}', bindings)


def test_a_worker_binds_over_merged_graphs_too(store):
    query = "SELECT ?v ?s\nWHERE {\n  VALUES (?v) { (UNDEF) }\n  ?s a ?v .\n}"
    bindings = (("v", NamedNode(f"{BASE}def/InnovationPlatform")),)
    request = {
        "query": without_values(query, bindings),
        "bindings": told(bindings),
        "results": "json",
        "graph": None,
        "default_graphs": [graph.value for graph in store.named_graphs()],
        "named_graphs": [],
    }
    for given in (request, {**request, "default_graphs": []}):
        assert len(list(evaluate(store, given)[0])) == 14


def test_every_type_is_listed():
    assert set(TYPES) == {*KINDS, "language", "year", "integer"}


# the chain library agrees


def barriers(index):
    return [iri.rpartition("/")[2] for iri in index.net.barriers]


def test_what_lies_behind_and_after_every_barrier(ask, index):
    for slug in barriers(index):
        for name, column, way in (
            ("behind-a-barrier", "cause", "causes"),
            ("after-a-barrier", "effect", "effects"),
        ):
            found = ask(name, barrier=slug)
            start = f"{BASE}id/barrier/{slug}"
            chain = trace(index, slug, way)
            others = {node.thing.iri for node in chain.chain.nodes} - {start}
            loop = {start} if in_a_loop(index, start) else set()
            assert {row[column] for row in found} == others | loop, slug
            stated = trace(index, slug, way, stated_only=True)
            told = {node.thing.iri for node in stated.chain.nodes} - {start}
            assert {row[column] for row in found if row["byStatedSteps"] == "true"} - {start} == told, slug


def test_the_roots_of_every_barrier(ask, index):
    for slug in barriers(index):
        found = {row["root"] for row in ask("roots-of-a-barrier", barrier=slug)}
        assert found == {b.iri for end in trace(index, slug).roots for b in end.barriers}, slug


def test_the_steps_behind_every_barrier(ask, index):
    for slug in barriers(index):
        found = {
            (row["link"], row["cause"], row["effect"], row["stated"] == "true", int(row["sources"]))
            for row in ask("steps-behind-a-barrier", barrier=slug)
        }
        steps = trace(index, slug).chain.steps
        assert found == {(s.link, s.cause.iri, s.effect.iri, s.stated, len(s.sources)) for s in steps}, slug


def test_who_can_act_on_every_barrier_and_by_which_law(ask, index):
    for slug in barriers(index):
        lines = who_can_act(index, slug).lines
        found = {
            (row["on"], row["actor"], row["power"].rpartition("/")[2], row["stated"] == "true")
            for row in ask("who-can-act-on-a-barrier", barrier=slug)
        }
        assert found == {
            (line.barrier.iri, c.actor.iri, c.power, c.stated) for line in lines for c in line.claims
        }, slug
        laws = {(row["on"], row["law"]) for row in ask("laws-behind-a-barrier", barrier=slug)}
        assert laws == {(line.barrier.iri, law.iri) for line in lines for law in line.laws}, slug


def test_what_was_tried_against_every_barrier(ask, index):
    for slug in barriers(index):
        found = {
            (row["on"], row["measure"], row["effect"].rpartition("/")[2])
            for row in ask("tried-against-a-barrier", barrier=slug)
        }
        behind = [node.thing.iri for node in trace(index, slug).chain.nodes]
        assert found == {(b, t.measure, t.effect) for b in behind for t in index.facts.measures.get(b, ())}, (
            slug
        )


def test_the_sources_behind_every_barrier(ask, index):
    for slug in barriers(index):
        chain = trace(index, slug).chain
        wanted = {s.iri for part in (chain.nodes, chain.steps) for thing in part for s in thing.sources}
        assert {row["source"] for row in ask("sources-behind-a-barrier", barrier=slug)} == wanted, slug


@pytest.mark.parametrize(
    ("name", "kind"), [("met-by-a-platform", "platform"), ("met-in-a-municipality", "place")]
)
def test_what_platforms_and_municipalities_have_met(ask, index, name, kind):
    things = [iri for iri in index.facts.names if iri.startswith(f"{BASE}id/{kind}/")]
    assert len(things) > 10
    met = set()
    for iri in things:
        found = {row["met"] for row in ask(name, **{kind: iri})}
        assert found == {index.net.barriers[n] for n in met_by(index, circle(index, iri).parties)}, iri
        met |= found
    assert met


def test_the_barriers_of_every_actor(ask, index):
    by = defaultdict(set)
    for powers in index.facts.powers.values():
        for power in powers:
            by[power.actor].add((power.barrier, power.power))
    assert len(by) > 20
    for actor, on in by.items():
        found = {(r["on"], r["power"].rpartition("/")[2]) for r in ask("barriers-of-an-actor", actor=actor)}
        assert found == on, actor


def test_the_barriers_of_every_law(ask, index):
    grounded = index.facts.relations["groundedIn"]
    acts = {
        act
        for laws in grounded.values()
        for law in laws
        for act in (law, *index.facts.related("is_part_of", law))
    }
    for law in acts:
        parts = {law, *index.facts.inverse("is_part_of", law)}
        wanted = {(b, part) for b, laws in grounded.items() for part in laws if part in parts}
        found = ask("barriers-of-a-law", law=law)
        assert {(row["on"], row["part"]) for row in found} == wanted, law
        for row in found:
            after = {node.thing.iri for node in trace(index, row["on"], "effects").chain.nodes} - {row["on"]}
            assert int(row["downstream"]) == len(after) + in_a_loop(index, row["on"])


def in_a_loop(index, barrier):
    return any(barrier in [b.iri for b in loop.barriers] for loop in trace(index, barrier).loops)


def test_the_barriers_of_every_level_and_theme(ask, index):
    for level in ("local", "regional", "national", "eu"):
        found = {row["barrier"] for row in ask("barriers-at-a-level", level=level)}
        assert found == {b for b, t in index.facts.traits.items() if level in t.arises}
        assert found
    themes = {theme for on in index.facts.relations["theme"].values() for theme in on}
    seen = 0
    for theme in sorted(themes):
        found = {row["barrier"] for row in ask("barriers-of-a-theme", theme=theme)}
        assert found == {index.net.barriers[n] for n in barriers_of(index, theme)[1]}, theme
        seen += len(found)
    assert seen > 235


def test_the_reach_of_every_root(ask, index):
    wanted = {
        barrier.iri: root.reach.barriers
        for root in root_causes(index, stability=False).roots
        for barrier in root.barriers
    }
    found = ask("root-causes-by-reach")
    assert {row["root"]: int(row["reach"]) for row in found} == wanted
    assert len(found) == len(wanted)
    for row in found:
        told = trace(index, row["root"], "effects", stated_only=True).chain.nodes
        assert int(row["statedReach"]) == len({n.thing.iri for n in told} - {row["root"]}), row["root"]


def test_loops(ask, index):
    wanted = {
        barrier.iri: len(loop.barriers)
        for slug in barriers(index)
        for loop in trace(index, slug).loops
        for barrier in loop.barriers
    }
    assert {row["barrier"]: int(row["size"]) for row in ask("loops")} == wanted
    assert wanted


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("nobody-responsible", "nobody-responsible"),
        ("nobody-can-remove", "nobody-can-remove"),
        ("nothing-tried", "no-measure"),
        ("only-derived-links", "only-derived-links"),
        ("legal-without-law", "legal-without-law"),
        ("few-sources", "one-source"),
    ],
)
def test_gaps(ask, index, name, slug):
    wanted = next(gap.barriers for gap in gaps(index).gaps if gap.slug == slug)
    found = ask(name)
    assert {row["barrier"] for row in found} == {thing.iri for thing in wanted}
    assert len(found) == len(wanted) > 0


def test_more_sources_are_more_barriers(ask):
    assert len(ask("few-sources", sources="1")) < len(ask("few-sources", sources="2")) <= 235


def test_who_can_remove_most(ask, index):
    by = defaultdict(dict)
    for powers in index.facts.powers.values():
        for power in powers:
            if power.power == "can-remove":
                by[power.actor][power.barrier] = power.stated
    found = {row["actor"]: (int(row["barriers"]), int(row["stated"])) for row in ask("who-can-remove-most")}
    assert found == {actor: (len(on), sum(on.values())) for actor, on in by.items()}


# and the graph itself


def test_evidence(ask, store, index):
    found = {row["class"]: row for row in ask("evidence-of-claims")}
    for name in ("BarrierLink", "Responsibility", "Encounter", "Participation"):
        class_ = NamedNode(f"{BASE}def/{name}")
        claims = {q.subject for q in store.quads_for_pattern(None, RDF["type"], class_, None)}
        row = found[class_.value]
        assert int(row["claims"]) == len(claims) == int(row["stated"]) + int(row["derived"])
    links = ask("evidence-of-links")
    assert sum(int(row["stated"]) for row in links) == int(index.net.stated.sum())
    assert sum(int(row["links"]) for row in links) == len(index.net.links)
    for row in links:
        assert int(row["links"]) == int(row["stated"]) + int(row["derived"])


def test_measures_and_their_effects(ask, index):
    tried = [t for found in index.facts.measures.values() for t in found]
    for since in (1900, 2020, 2024):
        found = ask("measures-and-effects", since=str(since))
        assert {row["measure"] for row in found} == {
            t.measure for t in tried if t.start and int(t.start[:4]) >= since
        }
        for row in found:
            for effect in ("removes", "mitigates", "investigates"):
                on = {t.barrier for t in tried if t.measure == row["measure"] and t.effect == effect}
                assert int(row[effect]) == len(on), (row["measure"], effect)
    pairs = Counter()
    for row in ask("effects-by-kind-of-measure"):
        pairs[row["effect"].rpartition("/")[2]] += int(row["pairs"])
    assert pairs == Counter(t.effect for t in tried)


def test_measures_that_remove_and_those_taken_back(ask, index):
    tried = [t for found in index.facts.measures.values() for t in found]
    for name, fits in (
        ("measures-that-remove", lambda t: t.effect == "removes"),
        ("measures-taken-back", lambda t: t.status in ("stopped", "reversed")),
    ):
        found = Counter((row["measure"], row["barrier"]) for row in ask(name))
        assert found == Counter((t.measure, t.barrier) for t in tried if fits(t)), name


def test_how_far_stated_steps_carry(ask, index):
    pairs, joined = Counter(), Counter()
    for slug in barriers(index):
        for row in ask("behind-a-barrier", barrier=slug):
            pairs[row["level"]] += 1
            joined[row["level"]] += row["byStatedSteps"] == "true"
    found = ask("evidence-of-chains")
    assert {row["level"]: int(row["pairs"]) for row in found} == pairs
    assert {row["level"]: int(row["byStatedSteps"]) for row in found} == joined


def test_dated_steps(ask, index):
    changes = [c for found in index.facts.changes.values() for c in found]
    for since in (1900, 2025):
        found = [(row["barrier"], row["date"]) for row in ask("steps-since", since=str(since))]
        assert Counter(found) == Counter((c.barrier, c.date) for c in changes if int(c.date[:4]) >= since)


def test_platforms_and_their_projects(ask, index):
    found = ask("platforms")
    assert len({row["platform"] for row in found}) == 14
    for row in found:
        assert row["host"] in index.facts.related("host", row["platform"])
        projects = {r["project"] for r in ask("projects-of-a-platform", platform=row["platform"])}
        assert projects == {
            iri for iri in index.facts.inverse("platform", row["platform"]) if "/id/project/" in iri
        }


def test_figures(ask, index):
    (row,) = ask("figures")
    assert int(row["barriers"]) == len(index.net.barriers)
    assert int(row["links"]) == len(index.net.links)
