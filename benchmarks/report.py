"""Turn what ``run.py`` found into the tables of docs/benchmarks.md (between its two marks) and a plot.

``python benchmarks/report.py results.json``
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from plot import draw

DOCS = Path(__file__).parent.parent / "docs"
START, END = "<!-- results -->", "<!-- end of results -->"
OURS, OTHER = "natgraph", "oxigraph"
NONE = "–"


def main() -> None:
    """Read the results and write document and plot."""
    found = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    page = DOCS / "benchmarks.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    sizes = "\n\n".join(_size(int(quads), one) for quads, one in found["sizes"].items())
    page.write_text(f"{before}{START}\n{sizes}\n{END}{after}", encoding="utf-8")
    draw(found, DOCS / "benchmarks.svg")


def _size(quads: int, found: dict[str, Any]) -> str:
    load = ", ".join(f"{value:.1f}" for value in found["load"])
    parts = [
        f"### {quads:,} quads",
        f"Load of the machine (at the start, after the queries, before the hostile ones): {load}.",
        _starting(found),
        _latency(found),
        _throughput(found),
        _streaming(found),
        _siege(found),
    ]
    return "\n\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _starting(found: dict[str, Any]) -> str:
    rows = [
        [name, f"{one['load_seconds']:.1f}", *(_mb(one[key]) for key in ("load_peak", "ready", "memory"))]
        for name, one in found["servers"].items()
    ]
    head = ["", "seconds to ready", "peak MB while loading", "MB when ready", "MB after the queries"]
    return _table(head, rows)


def _latency(found: dict[str, Any]) -> str:
    names = [*found["servers"], "in process"]
    rows = []
    for query, times in found["latency"].items():
        counted = found["answers"][query][OURS]["rows"]
        cells = [_times(times.get(name)) for name in names]
        rows.append([query, f"{counted:,}", *cells, _ratio(times, "median")])
    rows.append(["**sum of medians**", "", *(_sum(found, name) for name in names), _ratio_of_sums(found)])
    head = ["median / p95 in ms", "rows", *names, f"{OURS} : {OTHER}"]
    return f"{_table(head, rows)}\n\n{_agreement(found)}"


def _agreement(found: dict[str, Any]) -> str:
    odd = [
        f"{name} {'gives other rows' if one else 'gives no answer in time'} for {query}"
        for query, given in found["answers"].items()
        for name, one in given.items()
        if not (one and one["agrees"])
    ]
    return f"All other answers agree; {'; '.join(odd)}." if odd else "All answers agree."


def _throughput(found: dict[str, Any]) -> str:
    each = {name: one for name, one in found["throughput"].items() if name in found["servers"]}
    rows = [
        [name, f"{one['new']:,.0f}", f"{one['same']:,.0f}", *(_share(each, one, kind) for kind in one)]
        for name, one in each.items()
    ]
    head = ["requests a second", "new text each time", "same text", f"new : {OTHER}", f"same : {OTHER}"]
    return _table(head, rows)


def _share(each: dict[str, Any], one: dict[str, float], kind: str) -> str:
    return f"{one[kind] / each[OTHER][kind]:.2f}" if each.get(OTHER, {}).get(kind) else NONE


def _streaming(found: dict[str, Any]) -> str:
    base = found["streaming"]["in process"]["total"]
    rows = [
        [name, _number(one.get("first")), _number(one["total"]), f"{one['total'] / base:.2f}"]
        for name, one in found["streaming"].items()
    ]
    return _table(["100,000 rows as JSON", "first byte ms", "all ms", "all : in process"], rows)


def _siege(found: dict[str, Any]) -> str:
    rows = [
        [name, str(one["answered"]), str(one["failed"]), _times(one if "median" in one else None)]
        for name, one in found["siege"].items()
    ]
    head = ["lookups among 50 hostile queries", "answered", "failed", "median / p95 in ms"]
    return _table(head, rows)


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f}"


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:,.3g}" if value < 100 else f"{value:,.0f}"  # noqa: PLR2004


def _times(one: dict[str, float] | None) -> str:
    return f"{_number(one['median'])} / {_number(one['p95'])}" if one else NONE


def _ratio(times: dict[str, dict[str, float]], key: str) -> str:
    return f"{times[OURS][key] / times[OTHER][key]:.2f}" if {OURS, OTHER} <= times.keys() else NONE


def total(found: dict[str, Any], name: str) -> float | None:
    """The sum of a server's medians in ms, if it answered every query."""
    medians = [times[name]["median"] for times in found["latency"].values() if name in times]
    return sum(medians) if len(medians) == len(found["latency"]) else None


def _sum(found: dict[str, Any], name: str) -> str:
    return _number(total(found, name))


def _ratio_of_sums(found: dict[str, Any]) -> str:
    ours, other = total(found, OURS), total(found, OTHER)
    return f"**{ours / other:.2f}**" if ours and other else NONE


if __name__ == "__main__":
    main()
