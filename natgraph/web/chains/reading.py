"""What the index of chains is made from: rows that the store gives, kept in files for other processes."""

import json
from collections.abc import Iterable
from pathlib import Path

from natgraph.chains import ChainIndex, read_index
from natgraph.chains.reading import Row
from natgraph.engine import Backend, Request
from natgraph.errors import IndexFailed
from natgraph.library import library
from natgraph.paths import package

_WHO = "natgraph's own chains"


def queries() -> dict[str, str]:
    """The queries by which an index is read: name → text."""
    return library(package() / "chains" / "queries")


async def fetch(backend: Backend, folder: Path) -> None:
    """Have a store answer the queries of the index, each into a file of a folder; raises QueryError."""
    for name, text in queries().items():
        answer = await backend.answer(Request(text, "json", None), _WHO)
        with _file(folder, name).open("wb") as file:
            file.write(answer.body or b"")
            if answer.parts:
                async for part in answer.parts:
                    file.write(part)


def index_from(folder: Path, version: str) -> ChainIndex:
    """The index made from such files; raises IndexFailed for an answer that was cut, and ChainFault."""
    names = {text: name for name, text in queries().items()}
    return read_index(lambda text: _rows(_file(folder, names[text])), version)


def _rows(file: Path) -> Iterable[Row]:
    answer = json.loads(file.read_bytes())
    if "truncated" in answer:
        raise IndexFailed(f"The store says more of {file.stem} than is read: {answer['truncated']}.")
    for row in answer["results"]["bindings"]:
        yield {name: cell["value"] for name, cell in row.items() if cell["type"] != "bnode"}


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"
