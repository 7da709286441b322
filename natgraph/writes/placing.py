"""In which record file a thing is described: by its IRI, or in the file of the record that it belongs to.

The rule is that of the data folder (``data/README.md``): what belongs to a record lives in its file; sources
are by host.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from pyoxigraph import NamedNode, Quad

from natgraph.check.layout import host
from natgraph.terms import BASE, DCTERMS, ELI, NG, SCHEMA

BELONGS_BY: Mapping[str, NamedNode] = MappingProxyType(
    {
        "phase": NG["phaseOf"],
        "participation": NG["participatesIn"],
        "variant": NG["variantOf"],
        "barrier-link": NG["effect"],
        "responsibility": NG["barrier"],
        "encounter": NG["barrier"],
        "status-change": NG["barrier"],
        "measure-effect": NG["measure"],
        "legal-provision": ELI["is_part_of"],
    }
)
"""Kind of thing that has no file of its own → the property that points at what it belongs to."""

_ID = re.compile(re.escape(f"{BASE}id/") + r"([a-z]+(?:-[a-z]+)*)((?:/[a-z0-9]+(?:-+[a-z0-9]+)*)+)")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")


class Misfit(Exception):
    """A thing for which there is no record file; ``str()`` says why."""


def kind_of(subject: str) -> str:
    """The kind in a record's IRI: ``barrier`` of …/id/barrier/heavy-parcels. Raises Misfit for others."""
    found = _ID.fullmatch(subject)
    if found is None:
        raise Misfit(f"{subject} is no record of natgraph, which are called {BASE}id/TYPE/SLUG")
    return found[1]


def file_of(
    subject: str, quads: Iterable[Quad], home: Callable[[str], str | None], was: str | None = None
) -> str:
    """The name (``barrier/heavy-parcels``) of the file for a thing with these statements.

    ``home`` gives the name of the file that another thing is described in; ``was`` is that of this one so
    far, which counts where several would do. Raises Misfit if there is none.
    """
    kind = kind_of(subject)
    if kind == "source":
        return _of_source(subject, quads, home, was)
    if kind in BELONGS_BY:
        return _with_owner(subject, _pointed_at(quads, BELONGS_BY[kind]), home, was)
    name = subject.removeprefix(f"{BASE}id/")
    if len(PurePosixPath(name).parts) != (3 if kind == "concept" else 2):
        raise Misfit(f"{subject} is not called by the pattern of its type")
    return name


def _with_owner(
    subject: str, owners: Iterable[str], home: Callable[[str], str | None], was: str | None
) -> str:
    """The file of an owner; a new thing goes to its project rather than to the platform of that."""
    homes = [name for owner in owners if (name := home(owner)) is not None]
    if not homes:
        raise Misfit(f"{subject} does not say which record it belongs to, or that record is not there")
    return was if was in homes else max(homes)


def _of_source(
    subject: str, quads: Iterable[Quad], home: Callable[[str], str | None], was: str | None
) -> str:
    """By the host of the address, else where it is, else with the source that it is a part of."""
    quads = list(quads)
    addresses = _pointed_at(quads, SCHEMA["url"])
    if addresses:
        return f"source/{_host(subject, addresses[0])}"
    wholes = [name for whole in _pointed_at(quads, DCTERMS["isPartOf"]) if (name := home(whole)) is not None]
    ours = subject.startswith(f"{BASE}id/source/natgraph-")
    return was or next(iter(wholes), "source/natgraph" if ours else "source/datasets")


def _host(subject: str, address: str) -> str:
    name = host(address)
    if not _HOST.fullmatch(name):
        raise Misfit(f"{subject} has an address without a host: {address}")
    return name


def _pointed_at(quads: Iterable[Quad], path: NamedNode) -> list[str]:
    return sorted(q.object.value for q in quads if q.predicate == path and isinstance(q.object, NamedNode))
