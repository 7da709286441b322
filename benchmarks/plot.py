"""The plot of docs/benchmarks.svg: medians of each query for each server, one panel a size."""

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "natgraph"
mpl.rcParams["svg.fonttype"] = "none"

from matplotlib import pyplot as plt  # noqa: E402 - after the backend is chosen

COLOURS = {
    "natgraph": "#00629b",
    "oxigraph": "#d95f02",
    "oxigraph-union": "#e6ab02",
    "rdflib-endpoint": "#7a7a7a",
    "in process": "#1b9e77",
}


def draw(found: dict[str, Any], target: Path) -> None:
    """Draw what ``run.py`` found."""
    sizes = found["sizes"]
    figure, panels = plt.subplots(1, len(sizes), figsize=(6 * len(sizes), 5.5), squeeze=False, sharey=True)
    for axes, (quads, one) in zip(panels[0], sizes.items(), strict=True):
        _panel(axes, int(quads), one["latency"])
    panels[0][0].legend(frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None, "Title": "Medians of thirteen queries"})


def _panel(axes: Any, quads: int, latency: dict[str, dict[str, dict[str, float]]]) -> None:
    queries = list(latency)
    for name, colour in COLOURS.items():
        points = [(latency[q][name]["median"], k) for k, q in enumerate(queries) if name in latency[q]]
        if points:
            axes.plot(*zip(*points, strict=True), "o", color=colour, label=name, markersize=6, alpha=0.9)
    axes.set_xscale("log")
    axes.set_yticks(range(len(queries)), queries)
    axes.invert_yaxis() if not axes.yaxis_inverted() else None
    axes.grid(axis="x", alpha=0.3)
    axes.set_xlabel("median, ms (logarithmic)")
    axes.set_title(f"{quads:,} quads")
    axes.spines[["top", "right"]].set_visible(False)
