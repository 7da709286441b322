"""What is measured of servers that run: answers first, then time. Servers take turns within each round."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from answers import Summary, summary
from client import OK, ROWS, Client, Query, Reply, fresh
from inprocess import InProcess
from servers import Server

TIME_LIMIT = 12.0
"""Seconds after which a query counts as not answered; the server is then started anew."""
PATIENCE = 60.0
BUDGET = 2.0
"""Seconds that the runs of one query on one server take, if it needs more than two."""
FEWEST, MOST = 2, 100
MILLI = 1000


@dataclass
class Times:
    """Seconds of the runs of one query on one server."""

    runs: list[float] = field(default_factory=list)

    def numbers(self) -> dict[str, float]:
        """Median and 95th percentile in ms, and how many runs there were."""
        ordered = sorted(self.runs)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        return {"median": statistics.median(ordered) * MILLI, "p95": p95 * MILLI, "runs": len(ordered)}


def ask(server: Server, client: Client, query: Query) -> Reply | None:
    """The answer to a query as a new text, or None if there was none in time or it was a refusal."""
    try:
        reply = client.ask(fresh(query.text), query.accept)
    except OSError:
        server.stop()
        server.start()
        return None
    return reply if reply.status == OK else None


def compare(servers: Iterable[Server], queries: Iterable[Query]) -> dict[str, dict[str, Any]]:
    """For each query and server how many rows it gave and whether they are those of the first server."""
    found: dict[str, dict[str, Any]] = {}
    clients = {server.name: Client(server.address, TIME_LIMIT) for server in servers}
    for query in queries:
        given = {s.name: _summary(query, ask(s, clients[s.name], query)) for s in servers}
        first = next((one for one in given.values() if one), None)
        found[query.name] = {
            name: {"rows": one.rows, "agrees": one == first} if one else None for name, one in given.items()
        }
    return found


def _summary(query: Query, reply: Reply | None) -> Summary | None:
    try:
        return summary(query, reply) if reply else None
    except (ValueError, SyntaxError):  # what it sent is not what its media type says
        return None


def latencies(
    servers: list[Server], queries: list[Query], engine: InProcess, answered: dict[str, dict[str, Any]]
) -> dict[str, dict[str, dict[str, float]]]:
    """Median and p95 of each query on each server (new text each time), and without any server."""
    found = {}
    for query in queries:
        able = [s for s in servers if answered[query.name][s.name]]
        found[query.name] = {name: times.numbers() for name, times in _rounds(able, query, engine).items()}
    return found


def _rounds(servers: list[Server], query: Query, engine: InProcess) -> dict[str, Times]:
    """Rounds in which each server answers once, until time or number is used up."""
    clients = {server.name: Client(server.address, PATIENCE) for server in servers}
    times = {name: Times() for name in [*clients, "in process"]}
    for _ in range(MOST):
        for name, client in clients.items():
            if len(times[name].runs) < FEWEST or sum(times[name].runs) < BUDGET:
                times[name].runs.append(client.ask(fresh(query.text), query.accept).seconds)
        if sum(times["in process"].runs) < BUDGET:
            times["in process"].runs.append(engine.seconds(fresh(query.text), graph=query.accept != ROWS))
        if all(sum(one.runs) >= BUDGET for name, one in times.items() if name in clients):
            break
    return times


def streaming(servers: list[Server], query: Query, engine: InProcess) -> dict[str, dict[str, float]]:
    """First byte and total of many rows, in ms; ``in process`` knows a total only."""
    clients = {server.name: Client(server.address, PATIENCE) for server in servers}
    firsts = {name: Times() for name in clients}
    totals = {name: Times() for name in [*clients, "in process"]}
    for _ in range(9):
        for name, client in clients.items():
            if sum(totals[name].runs) > 2 * BUDGET:
                continue
            reply = client.ask(fresh(query.text), query.accept)
            firsts[name].runs.append(reply.first)
            totals[name].runs.append(reply.seconds)
        totals["in process"].runs.append(engine.seconds(fresh(query.text), graph=False))
    return {
        name: {"total": one.numbers()["median"]}
        | ({"first": firsts[name].numbers()["median"]} if name in firsts else {})
        for name, one in totals.items()
    }
