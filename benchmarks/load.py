"""Servers under load: requests per second of a small query, and a lookup among hostile queries."""

import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

from client import HOST, OK, ROWS, Address, Client, Query, fresh, suite
from measures import Times
from servers import HERE, Server

CONNECTIONS, SECONDS, TIMES = 8, 5, 3
HOSTILE, SIEGE = 50, 12.0
PAUSE = 0.05


def tool() -> str:
    """What makes the requests."""
    return "wrk" if shutil.which("wrk") else "threads in Python"


def throughput(servers: list[Server], query: Query) -> dict[str, dict[str, float]]:
    """Requests per second, median of some turns: with a new text each time, and with the same one."""
    count = _wrk if shutil.which("wrk") else _threads
    found: dict[str, dict[str, list[float]]] = {server.name: {"new": [], "same": []} for server in servers}
    for _ in range(TIMES):
        for kind in ("new", "same"):
            for server in servers:
                found[server.name][kind].append(count(server.address, query, kind))
    return {
        name: {kind: sorted(runs)[len(runs) // 2] for kind, runs in kinds.items()}
        for name, kinds in found.items()
    }


def _wrk(address: Address, query: Query, kind: str) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".rq", encoding="utf-8") as text:
        text.write(query.text)
        text.flush()
        how = ["-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(HERE / "wrk.lua")]
        url = f"http://{HOST}:{address.port}{address.path}"
        command = ["wrk", *how, url, "--", text.name, kind, str(time.time_ns())]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    output = ended.stdout
    if ended.returncode:
        print(f"wrk failed: {output} {ended.stderr}")
        return 0.0
    failed = sum(int(line.split()[-1]) for line in output.splitlines() if "Non-2xx" in line)
    rate = next(float(line.split()[1]) for line in output.splitlines() if "Requests/sec" in line)
    return rate if not failed else 0.0


def _threads(address: Address, query: Query, kind: str) -> float:
    end = time.perf_counter() + SECONDS

    def many(_: int) -> int:
        client, done = Client(address), 0
        while time.perf_counter() < end:
            text = fresh(query.text) if kind == "new" else query.text
            done += client.ask(text, query.accept).status == OK
        return done

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(many, range(CONNECTIONS))) / SECONDS


def siege(server: Server, lookup: Query, hostile: list[Query]) -> dict[str, Any]:
    """Lookups of one client while fifty others, each with an address of its own, send what does harm."""
    over = Event()
    attackers = [
        Thread(target=_attack, args=(server.address, hostile[k % len(hostile)], k, over), daemon=True)
        for k in range(HOSTILE)
    ]
    for attacker in attackers:
        attacker.start()
    time.sleep(1)
    times, failed = _lookups(server.address, lookup)
    over.set()
    numbers = times.numbers() if times.runs else {}
    return {"answered": len(times.runs), "failed": failed, **numbers}


def _lookups(address: Address, lookup: Query) -> tuple[Times, int]:
    times, failed, end = Times(), 0, time.perf_counter() + SIEGE
    client = Client(address, SIEGE, "127.0.0.1")
    while (left := end - time.perf_counter()) > 0:
        client = Client(address, left) if failed else client
        try:
            reply = client.ask(fresh(lookup.text), lookup.accept)
        except OSError:
            failed += 1
        else:
            if reply.status == OK:
                times.runs.append(reply.seconds)
            failed += reply.status != OK
        time.sleep(PAUSE)
    return times, failed


def _attack(address: Address, query: Query, number: int, over: Event) -> None:
    while not over.is_set():
        client = Client(address, SIEGE, f"127.0.1.{number + 1}")
        try:
            client.ask(fresh(query.text), ROWS)
        except OSError:
            pass
        finally:
            client.close()
        over.wait(0.5)


def hostile_queries() -> list[Query]:
    """The queries of the folder ``hostile``."""
    return suite(HERE / "hostile")
