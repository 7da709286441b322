"""What is done in the processes that compute: an index kept, questions answered as bytes."""

import json
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from natgraph.chains import ChainIndex, Language, export, root_causes
from natgraph.chains.things import Bound, type_of
from natgraph.errors import NatgraphError
from natgraph.sandbox import end_with_parent
from natgraph.web.chains.reading import index_from
from natgraph.web.chains.telling import things_in, told

Compute = Callable[[ChainIndex], Any]
"""Finds a result of the library; it has to be fit for pickling, so a function of a module or a partial."""


@dataclass(frozen=True)
class Question:
    """What is to be found, and how it is to be told.

    ``form`` is one of the formats of ``natgraph.chains.FORMATS``; all but json are of the result's chain.
    ``evidence``: the sources of the barriers named are added.
    """

    compute: Compute
    lang: Language
    form: str
    links: Mapping[str, Mapping[str, str]]
    evidence: bool = False


@dataclass(frozen=True)
class Told:
    """The body of an answer, and the limits that were met, in words."""

    body: bytes
    bounds: tuple[str, ...] = ()


def begin(folder: Path, version: str) -> None:
    """Get a process ready: it ends with its parent, leaves the signals to it, and has its index."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    with suppress(NatgraphError):  # whoever asks is told
        root_causes(_index(folder, version))


def check(folder: Path, version: str) -> int:
    """How many barriers the index has; raises IndexFailed and ChainFault if there can be none."""
    return len(_index(folder, version).net.barriers)


def work(folder: Path, version: str, question: Question) -> Told:
    """The answer to a question; raises what the library raises."""
    index = _index(folder, version)
    return tell(index, question)


def tell(index: ChainIndex, question: Question) -> Told:
    """The same from an index at hand."""
    result = question.compute(index)
    met: list[Bound] = getattr(result, "bounds", [])
    bounds = tuple(f"{bound.what.en}: {bound.limit}" for bound in met)
    if question.form != "json":
        return Told(export(result.chain, question.form, question.lang).encode(), bounds)
    return Told(json.dumps(_answer(index, result, question), ensure_ascii=False).encode(), bounds)


def _answer(index: ChainIndex, result: Any, question: Question) -> dict[str, Any]:
    said = told(result, question.lang)
    how = said.pop("how")
    if question.evidence:
        barriers = dict.fromkeys(t.iri for t in things_in(result) if type_of(t.iri) == "barrier")
        said["evidence"] = [
            {"iri": iri, "sources": told(index.sources(iri), question.lang)} for iri in barriers
        ]
    head = {"dataVersion": how["version"], "language": question.lang}
    return {**head, **said, "how": how["method"], "readBy": how["queries"], "_links": question.links}


@lru_cache(1)
def _index(folder: Path, version: str) -> ChainIndex:
    return index_from(folder, version)
