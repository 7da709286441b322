"""Making an edition: the source's graph, with what was written over it, checked, as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from natgraph.anydata import gather
from natgraph.build import Dataset, write_atomically
from natgraph.cached import checked, refuse
from natgraph.check import check
from natgraph.paths import Root
from natgraph.store import DefaultGraphIs, Snapshot, load
from natgraph.writes.assemble import Assembled, assemble_with
from natgraph.writes.patch import Overlay


@dataclass(frozen=True)
class Source:
    """Where an edition comes from: natgraph's own data in a root, or any RDF in files."""

    root: Root | None = None
    files: tuple[Path, ...] = ()
    default_graph: DefaultGraphIs = "merge"

    @property
    def shapes(self) -> Path | None:
        """The shapes that hold for it; None for other people's data."""
        return self.root.shapes if self.root else None


@dataclass(frozen=True)
class Edition:
    """What can be served: a file of N-Quads, its data version and size, and what of the overlay is in it."""

    nquads: Path
    version: str
    quads: int
    overlay: Overlay

    def snapshot(self, default_graph: DefaultGraphIs) -> Snapshot:
        """It as a graph to be asked."""
        return Snapshot(self.nquads, default_graph, self.version)


def make(
    source: Source, overlay: Overlay, folder: Path, report: Callable[[str], None] = lambda _: None
) -> Edition:
    """An edition in a folder; ``report`` is told in a line what takes time.

    Raises DataFault for a file that cannot be used and NotConforming for data with violations.
    """
    graph = folder / "graph.nq"
    if source.root:
        made = assemble_with(checked(source.root, report=report), overlay, ours=True)
        if made.overlay.patches:
            refuse(check(load(made.dataset.nquads), source.root.shapes, "shifty"))
        return _written(made, graph)
    version, quads = gather(source.files, graph)
    if not overlay.patches:
        return Edition(graph, version, quads, Overlay({}, version, version))
    return _written(assemble_with(Dataset(graph.read_bytes(), version), overlay, ours=False), graph)


def _written(made: Assembled, path: Path) -> Edition:
    nquads = made.dataset.nquads
    write_atomically(nquads, path)
    return Edition(path, made.dataset.version, nquads.count(b"\n"), made.overlay)
