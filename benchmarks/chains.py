"""How the chain engine does at scale, each case in a process of its own.

``python benchmarks/chains.py`` prints the tables of ``docs/benchmarks.md``, section Barrier chains. The
graphs are invented, from a seed. In ``regions`` barriers belong to regions of forty, lead to later ones of
the region, in one case of twenty to or from a hub that all share, and in one of a hundred back; in
``uniform`` any barrier leads to any other, so most of them are one loop; in ``ordered`` any leads to any
later one, so there is no loop.
"""

import argparse
import gc
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

from pyoxigraph import NamedNode, RdfFormat, Store

from natgraph.chains import ChainIndex, Link, index_of, read_index, root_causes, select_from, trace, what_if
from natgraph.chains.walk import onward, reach
from natgraph.queries import rows
from natgraph.store import load
from natgraph.terms import NG, RDF, SKOS, concept, record

Made = TypeVar("Made")
SEED, REGION, HUBS, STARTS, DEPTH = 1, 40, 200, 300, 10
WAYS = (94, 2.5, 2.5, 1)
"""In regions, the shares of links within a region, from a hub, to a hub, and back."""
SHAPES = ("regions", "uniform", "ordered")
PATHS = "SELECT ?b (COUNT(?x) AS ?n) WHERE { ?b (ng:causedBy|ng:reinforcedBy)+ ?x } GROUP BY ?b"


def ends(shape: str, barriers: int, links: int) -> Iterator[tuple[int, int]]:
    """The ends of links, by number, never from a barrier to itself."""
    chance = random.Random(SEED)
    made = 0
    while made < links:
        cause, effect = _pair(shape, barriers, chance)
        if cause != effect:
            made += 1
            yield cause, effect


def _pair(shape: str, barriers: int, chance: random.Random) -> tuple[int, int]:
    if shape != "regions":
        pair = chance.randrange(barriers), chance.randrange(barriers)
        return pair if shape == "uniform" else (min(pair), max(pair))
    first = chance.randrange(barriers // REGION) * REGION
    early, late = sorted((first + chance.randrange(REGION), first + chance.randrange(REGION)))
    kind = chance.choices(range(4), WAYS)[0]
    hub = chance.randrange(HUBS)
    return ((early, late), (hub, late), (early, barriers - 1 - hub), (late, early))[kind]


def stream(shape: str, barriers: int, links: int) -> Iterator[Link]:
    """The links of a graph as natgraph would name them; half of them stated."""
    base = record("barrier", "b").value
    for number, (cause, effect) in enumerate(ends(shape, barriers, links)):
        iri = f"{base}-link/b{cause}--b{effect}--{number}"
        kind = "causes" if number % 3 else "reinforces"
        yield Link(iri, f"{base}{cause}", f"{base}{effect}", kind, number % 2 == 0)


def triples(shape: str, barriers: int, links: int) -> Iterator[str]:
    """The same graph as N-Triples, as the merge of a snapshot holds it."""
    a, label, source = RDF["type"], SKOS["prefLabel"], "<http://purl.org/dc/terms/source>"
    page = record("source", "page")
    for number in range(barriers):
        b = record("barrier", f"b{number}")
        yield f"{b} {a} {NG['PolicyBarrier']} .\n{b} {source} {page} .\n"
        yield f'{b} {label} "hinder {number}"@sv .\n{b} {label} "barrier {number}"@en .\n'
    for link in stream(shape, barriers, links):
        x, cause, effect = NamedNode(link.iri), NamedNode(link.cause), NamedNode(link.effect)
        kind, sure = (
            concept("link-type", link.kind),
            concept("confidence", "stated" if link.stated else "derived"),
        )
        yield f"{x} {a} {NG['BarrierLink']} .\n{x} {NG['cause']} {cause} .\n{x} {NG['effect']} {effect} .\n"
        yield f"{x} {NG['linkType']} {kind} .\n{x} {NG['confidence']} {sure} .\n{x} {source} {page} .\n"
        yield f"{effect} {NG['causedBy' if link.kind == 'causes' else 'reinforcedBy']} {cause} .\n"


def ready(index: ChainIndex) -> ChainIndex:
    """An index in which barriers have been looked up once."""
    index.number(index.net.barriers[0])
    return index


def peak() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], Made]) -> tuple[float, Made]:
    """Seconds on the clock and result."""
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def spent(name: str, work: Callable[[], Made]) -> tuple[dict[str, float], Made]:
    """Seconds on the clock and of the processor, by name, and result."""
    start = time.process_time()
    seconds, made = timed(work)
    return {name: seconds, f"{name}_cpu": time.process_time() - start}, made


def walked(index: ChainIndex, names: list[str]) -> dict[str, float]:
    """Milliseconds of traces and of whole walks from some barriers."""
    traces = [timed(lambda n=name: trace(index, n, depth=DEPTH))[0] for name in names]
    sizes = [len(trace(index, name, depth=DEPTH).chain.nodes) for name in names[:50]]
    changes = [timed(lambda n=name: what_if(index, [n]))[0] for name in names[:5]]
    return {**_ms("trace", traces), "nodes": statistics.mean(sizes), **_ms("what_if", changes)}


def _ms(name: str, times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {f"{name}_median": statistics.median(ordered) * 1000, f"{name}_p95": p95 * 1000}


def from_stream(shape: str, barriers: int, links: int) -> dict[str, float]:
    """A graph from a stream of links: index, traces, reach of all roots."""
    before = peak()
    base = record("barrier", "b").value
    names = (f"{base}{number}" for number in range(barriers))
    seconds, index = spent("index", lambda: ready(index_of(stream(shape, barriers, links), names)))
    found: dict[str, float] = {**seconds, "before": before, "index_mb": peak()}
    chance = random.Random(SEED)
    names = [index.net.barriers[chance.randrange(barriers)] for _ in range(STARTS)]
    found |= walked(index, names)
    gc.collect()
    seconds, answer = spent("roots", lambda: root_causes(index, stability=False))
    return found | seconds | {"widest": answer.roots[0].reach.barriers, "peak_mb": peak()}


def from_store(shape: str, barriers: int, links: int) -> dict[str, float]:
    """A graph in a store: index through SPARQL, traces, and the engine's own property path as peer."""
    store = Store()
    with NamedTemporaryFile("w", suffix=".nt") as file:
        file.writelines(triples(shape, barriers, links))
        file.flush()
        store.bulk_load(path=file.name, format=RdfFormat.N_TRIPLES)
    found: dict[str, float] = {"before": peak()}
    seconds, index = spent("index", lambda: ready(read_index(select_from(store), "benchmark")))
    found |= {**seconds, "index_mb": peak()}
    chance = random.Random(SEED)
    names = [record("barrier", f"b{chance.randrange(barriers)}").value for _ in range(STARTS)]
    found |= walked(index, names)
    own, peer = [], []
    for name in names[:100]:
        start = index.number(name)
        moves = onward(index.net, "causes", ("causes", "reinforces"), stated_only=False)
        seconds, reached = timed(lambda s=start, m=moves: reach([s], m))
        own.append(seconds)
        query = f"PREFIX ng: <{NG.iri}> {PATHS}"
        seconds, rows_found = timed(lambda n=name, q=query: rows(store, q, {"b": NamedNode(n)}))
        peer.append(seconds)
        told = int(rows_found[0]["n"]) if rows_found else 0
        assert told in (len(reached.distance) - 1, len(reached.distance)), (name, told, len(reached.distance))
    found |= {**_ms("walk", own), **_ms("path", peer)}
    seconds, answer = spent("roots", lambda: root_causes(index, stability=False))
    return found | seconds | {"widest": answer.roots[0].reach.barriers, "peak_mb": peak()}


def real() -> dict[str, float]:
    """The real graph: index and every kind of answer, over all barriers."""
    from natgraph.build import build
    from natgraph.chains import FORMATS, export, gaps, smallest_change, who_can_act
    from natgraph.paths import find_root

    dataset = build(find_root())
    store = load(dataset.nquads)
    seconds, index = timed(lambda: read_index(select_from(store), dataset.version))
    names = list(index.net.barriers)
    found: dict[str, float] = {"index": seconds}
    work: dict[str, Callable[[str], object]] = {
        "trace": lambda n: trace(index, n, "both"),
        "who_can_act": lambda n: who_can_act(index, n),
        "what_if": lambda n: what_if(index, [n]),
        "smallest_change": lambda n: smallest_change(index, n),
        "svg": lambda n: export(trace(index, n, "both").chain, "svg"),
    }
    for name, answer in work.items():
        found |= _ms(name, [timed(lambda n=barrier, a=answer: a(n))[0] for barrier in names])
    found |= _ms("root_causes", [timed(lambda: root_causes(index))[0] for _ in range(20)])
    found |= _ms("gaps", [timed(lambda: gaps(index))[0] for _ in range(20)])
    return found | {"formats": len(FORMATS)}


CASES = {"stream": from_stream, "store": from_store}


def main() -> None:
    """Run one case and print it as JSON, or all in processes of their own and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=[*CASES, "real"])
    parser.add_argument("--shape", choices=SHAPES, default="regions")
    parser.add_argument("--barriers", type=int, default=1_000_000)
    parser.add_argument("--links", type=int, default=3_000_000)
    given = parser.parse_args()
    if given.case == "real":
        print(json.dumps(real()))
    elif given.case:
        print(json.dumps(CASES[given.case](given.shape, given.barriers, given.links)))
    else:
        tables()


def alone(*arguments: str) -> dict[str, float]:
    """The numbers of a case, run in a process of its own."""
    command = [sys.executable, str(Path(__file__)), *arguments]
    made = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(made)


def tables() -> None:
    """Run everything and print Markdown."""
    streams = {shape: alone("--case", "stream", "--shape", shape) for shape in SHAPES}
    head("1,000,000 barriers, 3,000,000 links, from a stream")
    table(streams, STREAM)
    size = ("--barriers", "100000", "--links", "300000")
    stores = {shape: alone("--case", "store", "--shape", shape, *size) for shape in SHAPES}
    head("100,000 barriers, 300,000 links, through a store")
    table(stores, {**STREAM, **STORE})
    found = alone("--case", "real")
    print("\n| the real graph, ms | median | p95 |\n| --- | --: | --: |")
    for name in ("trace", "who_can_act", "what_if", "smallest_change", "root_causes", "gaps", "svg"):
        print(f"| {name} | {found[f'{name}_median']:.2f} | {found[f'{name}_p95']:.2f} |")
    print(f"\nThe real index is read in {found['index'] * 1000:.0f} ms.")


STREAM = {
    "index, s, clock / processor": "index index_cpu", "memory before / with the index, MB": "before index_mb",
    "trace to depth 10, ms, median / p95": "trace_median trace_p95",
    "barriers in a trace (1,000 at most)": "nodes",
    "what-if, ms, median / p95": "what_if_median what_if_p95",
    "reach of all roots, s, clock / processor": "roots roots_cpu",
    "widest reach, barriers": "widest", "most memory, MB": "peak_mb",
}  # fmt: skip
STORE = {
    "all causes, engine here, ms, median / p95": "walk_median walk_p95",
    "all causes, property path of the store, ms, median / p95": "path_median path_p95",
}


def head(title: str) -> None:
    """The head of a table, a column a shape."""
    print(f"\n| {title} | {' | '.join(SHAPES)} |\n| --- |{' --: |' * len(SHAPES)}")


def table(found: dict[str, dict[str, float]], lines: dict[str, str]) -> None:
    """The rows of a table, a column a shape."""
    for title, names in lines.items():
        cells = [" / ".join(f"{numbers[name]:,.1f}" for name in names.split()) for numbers in found.values()]
        print(f"| {title} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
