"""Fifty hostile queries over HTTP at once: lookups stay quick, and nothing needs a restart. Loopback only."""

import asyncio
import time
from pathlib import Path

import httpx
import pytest

from tests.conftest import below
from tests.test_engine import HOSTILE, LOOKUP

pytestmark = pytest.mark.xdist_group("server")


async def attack(client, number):
    query = list(HOSTILE.values())[number % len(HOSTILE)]
    try:
        answer = await client.post("/sparql", data={"query": f"{query} # {number}", "format": "json"})
    except httpx.HTTPError:
        return 0
    return answer.status_code


async def look_up(client, number):
    start = time.perf_counter()
    answer = await client.get("/sparql", params={"query": f"{LOOKUP} # {number}", "format": "json"})
    assert answer.status_code == 200
    assert answer.json()["results"]["bindings"]
    return time.perf_counter() - start


async def siege(url):
    limits = httpx.Limits(max_connections=60)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        attackers = [asyncio.ensure_future(attack(client, n)) for n in range(50)]
        await asyncio.sleep(0.2)
        times = []
        for number in range(100):
            times.append(await look_up(client, number))
            await asyncio.sleep(0.02)
        return sorted(times), await asyncio.gather(*attackers)


def test_lookups_stay_quick_under_attack(server):
    times, statuses = asyncio.run(siege(server[0]))
    assert (
        times[94] < 1
    )  # half the time limit: none waited for a hostile query; benchmarks/ measures the rest
    assert set(statuses) <= {0, 200, 400, 413, 503, 504}
    assert {400, 503} <= set(statuses)


def test_who_hangs_up_frees_the_worker_within_a_second(server):
    endless = HOSTILE["cross product"]
    before = set(below(server[1].pid))
    for number in range(4):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{server[0]}/sparql", params={"query": f"{endless} # left {number}"}, timeout=0.3)
    time.sleep(1)
    busy = [pid for pid in set(below(server[1].pid)) - before if _cpu(pid) > 0.5]
    assert not busy
    start = time.perf_counter()
    assert httpx.get(f"{server[0]}/sparql", params={"query": "ASK {} # after"}).status_code == 200
    assert time.perf_counter() - start < 1


def _cpu(pid: int) -> float:
    """The share of a core that a process uses."""

    def ticks() -> int:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            return 0
        return int(fields[11]) + int(fields[12])

    before = ticks()
    time.sleep(0.3)
    return (ticks() - before) / 100 / 0.3
