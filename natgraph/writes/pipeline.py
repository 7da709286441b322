"""One write through the pipeline: change → rules → canonical form → checks.

Nothing of it is visible to anyone. It is meant for a process of its own (``natgraph.writes.process``): an
update may be a cross product.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Store

from natgraph.build import derive
from natgraph.check import Finding, Severity, check
from natgraph.errors import NotConforming
from natgraph.sandbox import limited
from natgraph.store import DefaultGraphIs, load, merge
from natgraph.terms import RULES
from natgraph.writes.allowed import may_ask, may_happen
from natgraph.writes.change import Change
from natgraph.writes.graphs import DEFAULT, graphs, nquads, triples
from natgraph.writes.patch import GraphChange, changes

_TOLD = 5


@dataclass(frozen=True)
class Outcome:
    """What a write leads to: by graph what changes, the new N-Quads, and their SHA-256, the data version."""

    changes: tuple[GraphChange, ...]
    nquads: bytes
    version: str


def outcome(
    change: Change, published: bytes, default_graph: DefaultGraphIs, shapes: Path | None, memory: int
) -> Outcome | None:
    """What the change makes of N-Quads that are published; None if it changes nothing.

    With ``shapes`` it is natgraph's own data: derived anew, checked, without blank nodes. ``memory`` is how
    many bytes the change may take. Raises QueryForbidden, QuerySyntax, NoSuchGraph, WriteRefused,
    WriteFailed, and NotConforming with the findings.
    """
    ours = shapes is not None
    may_ask(change, ours, default_graph)
    store = load(published, "as-is")
    own_default = triples(store, DefaultGraph())
    if default_graph == "merge":
        merge(store)
    before = graphs(store)
    with limited(memory):
        change.perform(store)
        after = graphs(store)
        done = changes(before, after)
    may_happen(done, ours, default_graph)
    if not done:
        return None
    if default_graph == "merge":
        after[DEFAULT] = own_default
    if shapes is not None:
        after[RULES.value] = rederive(store)
        merge(store)
        _refuse(check(store, shapes, "shifty"))
    new = nquads(after)
    return Outcome(tuple(done), new, hashlib.sha256(new).hexdigest())


def rederive(store: Store) -> bytes:
    """Make the rules' graph of a store anew, with an empty default graph; give the graph's N-Triples."""
    store.remove_graph(RULES)
    store.clear_graph(DefaultGraph())
    store.extend(derive(store))
    return triples(store, RULES)


def _refuse(findings: list[Finding]) -> None:
    violations = [f for f in findings if f.severity is Severity.VIOLATION]
    if violations:
        first = "\n".join(f"  {f.focus}: {f.message['en']}" for f in violations[:_TOLD])
        raise NotConforming(
            f"The write leads to {len(violations)} violation(s); nothing has changed:\n{first}", violations
        )
