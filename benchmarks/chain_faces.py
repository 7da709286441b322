"""How quick the faces of barrier chains are: ``python -m benchmarks.chain_faces [--requests N]``.

A server over the real graph is started; every face is asked about every barrier (or place, or measure …) in
turn, so that no answer is given again from memory, over one connection. The first answer of each face is
told apart. Beside it a light SPARQL query is asked while chains are computed, to see that they hold nobody
up. The figures go to standard output as a table.
"""

import argparse
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice, pairwise, repeat

import httpx

from natgraph.build import build
from natgraph.chains import ChainIndex, read_index, select_from
from natgraph.chains.things import local, type_of
from natgraph.paths import find_root
from natgraph.store import load
from tests.conftest import serving

LIGHT = "SELECT ?p { <https://w3id.org/natgraph/id/platform/kiruna> ?p ?o } LIMIT 3"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=235)
    count = parser.parse_args().requests
    root = find_root()
    dataset = build(root)
    index = read_index(select_from(load(dataset.nquads)), dataset.version)
    print("face | requests | first ms | p50 ms | p95 ms | max ms | largest kB\n--|--|--|--|--|--|--")
    with serving(root=root) as (url, _), httpx.Client(base_url=url, timeout=30) as client:
        ready(client)
        for name, paths in faces(index).items():
            print(row(name, *measured(client, islice(paths, count))))
        print(beside(client, url, index))


def ready(client: httpx.Client) -> None:
    """Wait until the index of chains is there."""
    while client.get("/api/v1/stalled?years=99").status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        time.sleep(0.1)


def faces(index: ChainIndex) -> dict[str, Iterator[str]]:
    """Addresses by face, none twice but in the last row."""
    barriers = [local(iri) for iri in index.net.barriers]
    names = index.facts.names
    places = sorted({local(p) for ps in index.facts.relations["municipality"].values() for p in ps})
    laws = [f"{type_of(iri)}/{local(iri)}" for iri in names if type_of(iri).startswith("legal-")]
    return {
        "chain, causes": (f"/barriers/{b}/chain" for b in barriers),
        "chain, both ways": (f"/barriers/{b}/chain?direction=both" for b in barriers),
        "chain as SVG": (f"/barriers/{b}/chain?format=svg" for b in barriers),
        "who-can-act, barrier": (f"/barriers/{b}/who-can-act" for b in barriers),
        "who-can-act, municipality": (f"/municipalities/{p}/who-can-act" for p in places),
        "what-if, barrier": (f"/what-if?remove=barrier/{b}" for b in barriers),
        "what-if, law": (f"/what-if?remove={law}" for law in laws),
        "smallest-change": (f"/smallest-change?goal={b}" for b in barriers),
        "root-causes, all": (
            f"/root-causes?by={by}&lang={lang}"
            for lang in ("sv", "en")
            for by in ("barriers", "platforms", "municipalities", "projects", "kronor")
        ),
        "root-causes, behind one": (f"/root-causes?scope=barrier/{b}" for b in barriers),
        "compare": (f"/compare?of=place/{a}&of=place/{b}" for a, b in pairwise(places)),
        "gaps": (f"/gaps?lang={lang}" for lang in ("sv", "en")),
        "timeline": (f"/barriers/{b}/timeline" for b in barriers),
        "stalled": (f"/stalled?years={n}" for n in range(1, 51)),
        "root-causes, again": repeat("/root-causes"),
    }


def measured(client: httpx.Client, paths: Iterator[str]) -> tuple[list[float], int]:
    """Milliseconds of each answer, and bytes of the largest."""
    took, largest = [], 0
    for path in paths:
        start = time.perf_counter()
        answer = client.get(f"/api/v1{path}")
        took.append((time.perf_counter() - start) * 1e3)
        assert answer.status_code == HTTPStatus.OK, answer.text
        largest = max(largest, len(answer.content))
    return took, largest


def row(name: str, took: list[float], largest: int) -> str:
    """A line of the table."""
    return (
        f"{name} | {len(took)} | {took[0]:.1f} | {at(took, 0.5):.1f} | {at(took, 0.95):.1f} | {max(took):.1f}"
        f" | {largest / 1000:.0f}"
    )


def at(took: list[float], part: float) -> float:
    """The time that this part of the answers did not exceed."""
    return sorted(took)[min(len(took) - 1, int(len(took) * part))]


def beside(client: httpx.Client, url: str, index: ChainIndex) -> str:
    """A light query alone, and while two others ask for the heaviest chains without pause."""
    alone = light(client)
    over = threading.Event()
    barriers = [local(iri) for iri in index.net.barriers]

    def press(first: int) -> None:
        with httpx.Client(base_url=url, timeout=30) as other:
            for n in range(first, 100_000, 2):
                if over.is_set():
                    return
                path = f"/api/v1/barriers/{barriers[n % len(barriers)]}/who-can-act"
                other.get(path, params={"lang": "en", "behind": "true", "relations": WAYS[n % 6]})

    pressing = [threading.Thread(target=press, args=(n,)) for n in (0, 1)]
    for thread in pressing:
        thread.start()
    pressed = light(client)
    over.set()
    for thread in pressing:
        thread.join()
    return "\n".join(row(f"light query {w}", t, 0) for w, t in (("alone", alone), ("beside", pressed)))


WAYS = (
    "causes", "reinforces", "part-of", "causes,reinforces,part-of", "causes,part-of", "reinforces,part-of"
)  # fmt: skip


def light(client: httpx.Client) -> list[float]:
    """Milliseconds of a light query, 300 times."""
    took = []
    for n in range(300):
        start = time.perf_counter()
        client.get("/sparql", params={"query": f"{LIGHT} #{n} {start}"})
        took.append((time.perf_counter() - start) * 1e3)
    return took


if __name__ == "__main__":
    main()
