"""What operators look at and can switch on."""

import asyncio
import time

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from natgraph.web.rate import RateLimited
from tests.conftest import serving
from tests.test_engine import ENDLESS

pytestmark = pytest.mark.xdist_group("server")


def numbers(url):
    text = httpx.get(f"{url}/metrics").text
    return {
        (s.name, *s.labels.values()): s.value for f in text_string_to_metric_families(text) for s in f.samples
    }


def test_the_numbers_tell_requests_kills_and_version(server, dataset):
    before = numbers(server[0])
    httpx.get(f"{server[0]}/sparql", params={"query": "ASK {} # counted", "format": "json"})
    httpx.get(f"{server[0]}/sparql", params={"query": f"{ENDLESS} # counted", "timeout": "0.2"})
    after = numbers(server[0])
    assert after["natgraph_data", dataset.version] == 1
    for key in (("natgraph_requests_total", "/sparql", "200"), ("natgraph_requests_total", "/sparql", "504")):
        assert after[key] >= before.get(key, 0) + 1
    assert after["natgraph_queries_heavy",] == 0
    deadline = time.monotonic() + 5  # the end of a process is told a moment after the answer
    while numbers(server[0])["natgraph_workers_killed",] <= before["natgraph_workers_killed",]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert ("natgraph_request_seconds_count", "/sparql") in after


def test_the_general_limit_says_when_to_come_back():
    async def page(_):
        return PlainTextResponse("here")

    app = RateLimited(Starlette(routes=[Route("/", page), Route("/health/live", page)]), rate=3)

    async def visit():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return [await client.get("/") for _ in range(5)], await client.get("/health/live")

    answers, health = asyncio.run(visit())
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert health.status_code == 200


def test_an_answer_that_is_broken_off_leaves_no_traceback(tmp_path):
    data, log = tmp_path / "data.ttl", tmp_path / "log"
    data.write_text("".join(f"<x:a> <x:b> {n} .\n" for n in range(300)))
    query = {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }", "format": "csv"}
    with serving("--data", data, "--rows", 80_000, log=log) as (url, _):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{url}/sparql", params=query, timeout=60)
        assert httpx.get(f"{url}/health/ready").status_code == 200
    assert "Traceback" not in log.read_text()
