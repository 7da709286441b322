"""What computes chains is stopped when it takes too long, comes back when it breaks, and follows the data."""

import asyncio
import json
import os
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread

import httpx
import pytest

from natgraph.chains import gaps
from natgraph.chains.things import How
from natgraph.engine import Engine
from natgraph.engine import Limits as EngineLimits
from natgraph.errors import Busy, ChainTimeout, IndexFailed, NotFound
from natgraph.paths import Root
from natgraph.store import Snapshot
from natgraph.web.chains import Desk
from natgraph.web.chains.desk import Limits
from natgraph.web.chains.work import Question
from tests.conftest import serving
from tests.stores import oxigraph as oxigraph_store
from tests.stores import publish, running
from tests.test_chain_web import ADDRESSES, wait_for_chains

pytestmark = pytest.mark.xdist_group("desk")


def slow(_):
    time.sleep(60)


def breaking(_):
    os.kill(os.getpid(), signal.SIGKILL)


def unknown(index):
    return index.number("no-such-barrier")


@dataclass
class Pid:
    how: How
    pid: int


def whose(index):
    return Pid(index.how("", ""), os.getpid())


def question(compute):
    return Question(compute, "en", "json", {})


@pytest.fixture(scope="module")
def graph(dataset, tmp_path_factory):
    path = tmp_path_factory.mktemp("graph") / "graph.nq"
    path.write_bytes(dataset.nquads)
    return Snapshot(path, version=dataset.version)


def at_a_desk(graph, work, limits=None, **engine_limits):
    """Run ``work(desk)`` on a new desk over a new engine."""

    async def main():
        engine = Engine(graph, EngineLimits(**engine_limits))
        await engine.start()
        desk = Desk(engine, limits)
        desk.start()
        try:
            return await work(desk)
        finally:
            await desk.stop()
            await engine.stop()

    return asyncio.run(main())


def test_an_answer_that_takes_too_long_is_stopped_and_the_next_is_given(graph):
    async def work(desk):
        await desk.wait()
        with pytest.raises(ChainTimeout, match=r"0\.5 s"):
            await desk.ask(question(slow), "slow")
        return await desk.ask(question(gaps), "gaps")

    assert b"nobody-responsible" in at_a_desk(graph, work, Limits(seconds=0.5, processes=1)).body


def test_a_process_that_breaks_off_is_replaced(graph):
    async def work(desk):
        await desk.wait()
        with pytest.raises(Busy, match="broke off"):
            await desk.ask(question(breaking), "breaking")
        return await desk.ask(question(gaps), "gaps")

    assert at_a_desk(graph, work, Limits(processes=1)).body


def test_what_the_library_says_comes_through(graph):
    async def work(desk):
        await desk.wait()
        with pytest.raises(NotFound) as error:
            await desk.ask(question(unknown), "unknown")
        return error.value

    error = at_a_desk(graph, work)
    assert (error.what, error.near) == ("The barrier no-such-barrier", error.near)
    assert "no-such-barrier" in str(error)


def test_too_many_at_once_are_sent_away(graph):
    async def work(desk):
        await desk.wait()
        asked = [desk.ask(question(slow), n) for n in range(4)]
        return await asyncio.gather(*asked, return_exceptions=True)

    got = at_a_desk(graph, work, Limits(seconds=1, waiting=3, processes=2))
    assert [type(error) for error in got].count(Busy) == 1
    assert [type(error) for error in got].count(ChainTimeout) == 3


def test_an_answer_is_computed_once_and_kept_within_the_room(graph):
    async def work(desk):
        await desk.wait()
        first = await desk.ask(question(gaps), "gaps")
        assert await desk.ask(question(breaking), "gaps") is first, "the key tells what is the same"
        return first

    at_a_desk(graph, work)

    async def without_room(desk):
        await desk.wait()
        first = await desk.ask(question(gaps), "gaps")
        assert await desk.ask(question(gaps), "gaps") is not first

    at_a_desk(graph, without_room, Limits(kept=1000))


def test_before_the_index_is_there_it_says_when_to_come_back(graph):
    async def work(desk):
        with pytest.raises(Busy) as error:
            await desk.ask(question(gaps), "gaps")
        with pytest.raises(Busy):
            _ = desk.version
        return error.value

    assert at_a_desk(graph, work).retry == 1


@pytest.mark.parametrize(
    ("limits", "why"),
    [({"rows": 100}, "more than 100 rows"), ({"rows": 500, "hold_bytes": 1000}, "more (of|than)")],
)
def test_a_store_that_cuts_its_answers_gives_no_index(graph, limits, why):
    async def work(desk):
        with pytest.raises(IndexFailed, match=why):
            await desk.wait()
        with pytest.raises(IndexFailed):
            _ = desk.version

    at_a_desk(graph, work, **limits)


def test_processes_end_with_the_desk(graph):
    async def work(desk):
        await desk.wait()
        return json.loads((await desk.ask(question(whose), "pid")).body)["pid"]

    pid = at_a_desk(graph, work)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(ProcessLookupError):
            os.kill(pid, 0)
            time.sleep(0.1)
            continue
        return
    pytest.fail("the process is still there")


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    for part in ("ontology", "data", "shapes"):
        shutil.copytree(root.folder / part, folder / part)
    return Root(folder)


def test_chains_go_over_to_new_data_with_no_failed_request(copy):
    barrier = copy.data / "barrier" / "reuse-hard-to-scale.trig"
    path = "/api/v1/barriers/reuse-hard-to-scale/chain?lang=en&depth=0"
    seen, over = [], Event()

    def ask(url):
        with httpx.Client(base_url=url, timeout=30) as client:
            while not over.is_set():
                answer = client.get(path)
                start = answer.json().get("start", {}).get("name")
                seen.append((answer.status_code, answer.headers.get("natgraph-version"), start))

    with serving(root=copy) as (url, process):
        wait_for_chains(url)
        asking = Thread(target=ask, args=(url,))
        asking.start()
        try:
            text = barrier.read_text(encoding="utf-8")
            barrier.write_text(
                text.replace('"Reuse does not reach scale"@en', '"Reuse stays small"@en'), encoding="utf-8"
            )
            process.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + 120
            while not (seen and seen[-1][2] == "Reuse stays small"):
                assert time.monotonic() < deadline, seen[-1]
                time.sleep(0.1)
        finally:
            over.set()
            asking.join()
    assert {status for status, _, _ in seen} == {200}
    assert len({(version, name) for _, version, name in seen}) == 2, "version and answer change together"


def test_a_store_elsewhere_gives_the_same_answers(root, server, tmp_path):
    wait_for_chains(server[0])
    with running(oxigraph_store(tmp_path)) as store:
        done = publish(root, store)
        assert done.returncode == 0, done.stderr
        with serving("--store", store.query, root=root) as (url, _):
            wait_for_chains(url)
            for path in ADDRESSES.values():
                here, there = (httpx.get(f"{base}/api/v1{path}", timeout=30) for base in (server[0], url))
                assert there.status_code == 200, there.text
                assert told(there) == told(here)
                assert there.headers["etag"] == here.headers["etag"]


def told(answer):
    return {key: value for key, value in answer.json().items() if key != "_links"}
