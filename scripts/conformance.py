"""Run the W3C test suites for SPARQL 1.0 and 1.1 queries against the web service.

``python scripts/conformance.py FOLDER``, where FOLDER is ``sparql`` of https://github.com/w3c/rdf-tests.
Prints, as Markdown, a table by category and the list of failing tests. Each dataset is served by an
application of its own, as ``natgraph serve --data FILE --default-graph as-is`` makes it, and each test is a
POST to its /sparql. A test that fails is run once more on the engine alone, to tell whose failure it is.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import httpx
from asgi_lifespan import LifespanManager
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse, serialize
from w3c_manifest import Case, cases, iri_of
from w3c_results import read, same, shape_of

from natgraph.anydata import format_of, gather
from natgraph.engine import Engine
from natgraph.formats import GRAPHS, RESULTS, by_name, write
from natgraph.search import Making
from natgraph.store import Snapshot
from natgraph.web.app import create_app
from natgraph.web.settings import Settings
from natgraph.web.site import Offer

Dataset = tuple[tuple[Path, ...], tuple[Path, ...]]
_FORMATS = {"srx": "xml", "srj": "json", "csv": "csv", "tsv": "tsv"}


@dataclass(frozen=True)
class Verdict:
    """How a test went in the service (None: it passed) and, if it failed there, on the engine alone."""

    case: Case
    service: str | None
    engine: str | None = None


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--at-once", default=2, show_default=True, type=click.IntRange(1), help="Datasets at once.")
@click.option("--category", multiple=True, help="Only these, as sparql11/bind; default: all.")
def main(folder: Path, at_once: int, category: tuple[str, ...]) -> None:
    """Run the query tests of FOLDER against the service and print what came of it."""
    chosen = [c for c in cases(folder) if not category or f"{c.suite}/{c.category}" in category]
    verdicts = asyncio.run(_run(folder, chosen, at_once))
    for line in _report(verdicts):
        click.echo(line)


async def _run(folder: Path, chosen: list[Case], at_once: int) -> list[Verdict]:
    by_dataset: dict[Dataset, list[Case]] = defaultdict(list)
    for case in chosen:
        by_dataset[case.data, case.graphs].append(case)
    places = asyncio.Semaphore(at_once)
    jobs = [_run_over(folder, dataset, group, places) for dataset, group in by_dataset.items()]
    verdicts = {id(v.case): v for group in await asyncio.gather(*jobs) for v in group}
    return [verdicts[id(case)] for case in chosen]


async def _run_over(
    folder: Path, dataset: Dataset, group: list[Case], places: asyncio.Semaphore
) -> list[Verdict]:
    async with places:
        with TemporaryDirectory() as name:
            given, graph = Path(name) / "given.nq", Path(name) / "graph.nq"
            serialize(_quads(folder, dataset), str(given), RdfFormat.N_QUADS)
            version, _ = gather([given], graph)
            offer = Offer(Engine(Snapshot(graph, "as-is", version)), Making(graph, version))
            app = create_app(Settings(ours=False), offer)
            transport = httpx.ASGITransport(app=app)
            async with (
                LifespanManager(app),
                httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
            ):
                return [await _verdict(client, given, case) for case in group]


def _quads(folder: Path, dataset: Dataset) -> Iterator[Quad]:
    """The dataset: some files as default graph, others as graphs named by their IRIs."""
    data, graphs = dataset
    for path in data:
        yield from _triples(folder, path, DefaultGraph())
    for path in graphs:
        yield from _triples(folder, path, NamedNode(iri_of(folder, path)))


def _triples(folder: Path, path: Path, graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    base = iri_of(folder, path)
    for quad in parse(path=str(path), format=format_of(path), base_iri=base, rename_blank_nodes=True):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)


async def _verdict(client: httpx.AsyncClient, given: Path, case: Case) -> Verdict:
    fault = await _ask_service(client, case)
    return Verdict(case, fault, _ask_engine(given, case) if fault else None)


async def _ask_service(client: httpx.AsyncClient, case: Case) -> str | None:
    """What is wrong with the service's answer to a test; None if it is right."""
    form = _format(case)
    kind = by_name(form, RESULTS) or by_name(form, GRAPHS)
    accept = kind.media_type if kind and case.kind == "evaluation" else "*/*"
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    response = await client.post("/sparql", content=case.text.encode(), headers=headers)
    if response.status_code == HTTPStatus.OK:
        return _judge(case, response.content)
    problem = response.json()
    if response.status_code == HTTPStatus.BAD_REQUEST and case.kind == _kind_of(problem):
        return None
    return f"{response.status_code}: {problem['detail']}"


def _kind_of(problem: dict[str, str]) -> str | None:
    """Which kind of syntax test a refusal answers: a query that was read but cannot be run is well-formed."""
    if "line" in problem:
        return "negative"
    return "positive" if problem["detail"].startswith("This query cannot be answered") else None


def _ask_engine(given: Path, case: Case) -> str | None:
    """The same without natgraph: the query on a store of the engine."""
    store = Store()
    store.bulk_load(path=str(given), format=RdfFormat.N_QUADS)
    form = _format(case)
    try:
        results = store.query(case.text)
        if case.kind != "evaluation":
            return _judge(case, b"")
        kind = by_name(form, RESULTS) or by_name(form, GRAPHS)
        assert kind is not None  # noqa: S101 - _format names one of them
        return _judge(case, write(results, kind))
    except SyntaxError as error:
        return None if case.kind == "negative" else f"refused: {error.msg}"
    except (RuntimeError, ValueError, OSError, AssertionError) as error:
        return f"failed: {error}"


def _judge(case: Case, body: bytes) -> str | None:
    """What is wrong with an answer that came; None if it is the expected one."""
    if case.kind != "evaluation":
        return "accepted" if case.kind == "negative" else None
    assert case.result is not None  # noqa: S101 - an evaluation test has a result
    expected = read(case.result.read_bytes(), case.result.suffix[1:], case.base)
    return None if same(expected, read(body, _format(case), case.base), case.lax) else "other result"


def _format(case: Case) -> str:
    """The format to ask for: that of the expected result, so that each serialiser has its turn."""
    if case.result is None:
        return "json"
    if shape_of(case.result) == "graph":
        return "ttl"
    return _FORMATS.get(case.result.suffix[1:], "json")


def _report(verdicts: list[Verdict]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.case.suite, verdict.case.category].append(verdict)
    yield "| suite | category | tests | passed | failed | of them the engine's own |"
    yield "|---|---|---|---|---|---|"
    for (suite, category), group in groups.items():
        yield f"| {suite} | {category} | {_figures(group)} |"
    for suite in dict.fromkeys(suite for suite, _ in groups):
        yield f"| **{suite}** | **all** | {_figures([v for v in verdicts if v.case.suite == suite])} |"
    yield f"| **both** | **all** | {_figures(verdicts)} |"
    yield ""
    for verdict in verdicts:
        if verdict.service:
            yield _line(verdict)


def _figures(group: list[Verdict]) -> str:
    failed = [v for v in group if v.service]
    own = [v for v in failed if v.engine]
    return " | ".join(str(n) for n in (len(group), len(group) - len(failed), len(failed), len(own)))


def _line(verdict: Verdict) -> str:
    case = verdict.case
    engine = f"the engine alone: {verdict.engine}" if verdict.engine else "PASSES ON THE ENGINE ALONE"
    return f"- `{case.suite}/{case.category}` {case.name} ({case.query.name}): {verdict.service}; {engine}"


if __name__ == "__main__":
    main()
