"""Any RDF as a snapshot: TriG, N-Quads, Turtle, N-Triples, RDF/XML, JSON-LD, N3, also gzipped.

Our own shapes and rules do not apply to it.
"""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, parse, serialize

from natgraph.errors import DataFault


def gather(files: Iterable[Path], target: Path) -> tuple[str, int]:
    """Write the statements of some files as N-Quads; give the SHA-256 of that and the number of quads.

    Blank nodes of different files are kept apart. Raises DataFault for a file that cannot be read.
    """
    counter = _Counter()
    with target.open("wb") as out:
        serialize(counter.count(_quads(files)), out, RdfFormat.N_QUADS)
    with target.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest(), counter.total


class _Counter:
    def __init__(self) -> None:
        self.total = 0

    def count(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        for quad in quads:
            self.total += 1
            yield quad


def _quads(files: Iterable[Path]) -> Iterator[Quad]:
    for path in files:
        form = format_of(path)
        try:
            with _open(path) as stream:
                base = path.absolute().as_uri()
                yield from parse(input=stream, format=form, base_iri=base, rename_blank_nodes=True)
        except SyntaxError as error:
            what = str(error.msg).partition(": ")[2] or str(error.msg)
            raise DataFault(
                path, error.lineno or 1, error.offset or 1, what, "mend the file there"
            ) from error
        except (OSError, ValueError, EOFError) as error:
            raise DataFault(path, 1, 1, str(error), "give a readable file") from error


def format_of(path: Path) -> RdfFormat:
    """The format that a file's ending tells (a final .gz aside); raises DataFault for one that tells none."""
    ending = path.name.removesuffix(".gz").rpartition(".")[2].lower()
    form = RdfFormat.from_extension(ending)
    if form is None:
        cure = "name it by its format: .ttl .nt .nq .trig .rdf .jsonld .n3, with .gz if it is gzipped"
        raise DataFault(path, 1, 1, f"the ending .{ending} tells no RDF format", cure)
    return form


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")
