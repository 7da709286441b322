"""The pipeline's first half: files → named graphs → rules → the canonical dataset and its version.

The canonical form is sorted N-Quads of the named graphs, literals as the store writes them, no blank
nodes (RDF 1.1 N-Quads, https://www.w3.org/TR/n-quads/). Its SHA-256 is the data version.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from pyoxigraph import Quad, QueryTriples, Store

from natgraph.errors import DataFault
from natgraph.paths import Root, package
from natgraph.read import read_root
from natgraph.sound import refuse_broken_links
from natgraph.terms import RULES


@dataclass(frozen=True)
class Dataset:
    """A canonical dataset: its N-Quads and the SHA-256 of them, which is the data version."""

    nquads: bytes
    version: str


def build(root: Root) -> Dataset:
    """The dataset of a root. The same input gives the same bytes.

    Raises DataFault for a file that cannot be used, and for a barrier link that leads to itself or to no
    barrier.
    """
    return assemble(refuse_broken_links(root, read_root(root)))


def assemble(quads: Iterable[Quad]) -> Dataset:
    """The dataset of any statements in named graphs, with what the rules derive from them."""
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend(derive(store))
    nquads = canonical(store)
    return Dataset(nquads, hashlib.sha256(nquads).hexdigest())


def derive(store: Store, rules: Path | None = None) -> list[Quad]:
    """What the rules conclude, as quads of the rules' graph.

    A rule reads the stated and edited graphs, never what another rule derived, so their order is free.
    Raises DataFault for a rule that is not a CONSTRUCT query.
    """
    derived: list[Quad] = []
    for path in sorted((rules or package() / "rules").glob("*.rq")):
        derived.extend(_apply(path, store))
    return derived


def canonical(store: Store) -> bytes:
    """The sorted N-Quads of a store's named graphs."""
    return "".join(
        sorted(f"{quad} .\n" for graph in store.named_graphs() for quad in _of(store, graph))
    ).encode()


def write_atomically(data: bytes, path: Path) -> None:
    """Write a file whole or not at all: beside it first, then moved into its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
        beside = Path(part.name)
        try:
            part.write(data)
        except BaseException:
            beside.unlink()
            raise
    beside.replace(path)


def _of(store: Store, graph: object) -> Iterable[Quad]:
    return store.quads_for_pattern(None, None, None, graph)  # type: ignore[arg-type]


def _apply(path: Path, store: Store) -> list[Quad]:
    try:
        triples = store.query(path.read_text(encoding="utf-8"), use_default_graph_as_union=True)
    except SyntaxError as error:
        raise DataFault(
            path, error.lineno or 1, error.offset or 1, str(error.msg), "mend the query"
        ) from error
    if not isinstance(triples, QueryTriples):
        raise DataFault(path, 1, 1, "a rule must be a CONSTRUCT query", "start it with CONSTRUCT { … } WHERE")
    return [Quad(t.subject, t.predicate, t.object, RULES) for t in triples]
