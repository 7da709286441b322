"""The one error tree; faces (command line, HTTP) map it to their answers in one place each.

::

    NatgraphError
    ├── DataFault        a file cannot be read: where, what, how to mend it
    ├── RootNotFound     no folder with ontology, data and shapes
    ├── NotFound         no record of that name (with near matches)
    ├── NotConforming    the checks found violations
    ├── NotPublished     what would be served next cannot be
    ├── ChainFault       a barrier chain that cannot be: a link that leads to itself
    ├── ChainTimeout     an answer about chains took too long
    ├── BadToken         the tokens for writing cannot be used
    ├── ImportFailed     what was written to a server cannot be taken into the record files
    ├── StateError       the folder with what was written cannot be used
    │   ├── StateInUse     another server uses it
    │   ├── StateBroken    its database is damaged, or of a kind we do not know
    │   └── BackupBroken   a backup is not whole
    ├── WriteError       a write that is not done; the data is as it was
    │   ├── WriteRefused   it asks for what may not be written
    │   ├── NoSuchGraph    it takes away a graph that is not there
    │   ├── WriteTimeout   it took too long
    │   ├── WriteOutOfMemory  it needed too much
    │   └── WriteFailed    the engine gave up on it
    ├── BadParameter     a parameter that a canned query does not have, misses, or cannot read
    ├── SearchRefused    a search for nothing, too long, or of an unknown type
    ├── IndexFailed      the search index could not be made
    ├── BadStore         a store's address or credentials cannot be used
    └── QueryError       a query that is not run
        ├── QuerySyntax    it is not SPARQL, or what is written no RDF: line, column
        ├── QueryForbidden it asks for something visitors may not do
        ├── QueryTimeout   it took too long
        ├── QueryOutOfMemory  it needed too much
        ├── QueryTooLarge  its text is too long
        ├── Busy           too many wait; try again later
        ├── QueryFailed    the engine gave up on it
        ├── StoreUnavailable  the store elsewhere does not answer; try again later
        └── UpstreamFailed    the store elsewhere answers wrongly
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any


class NatgraphError(Exception):
    """Anything natgraph itself reports; ``str()`` is fit for the user."""


class DataFault(NatgraphError):
    """A file that cannot be used: ``path:line:column``, what is wrong and how to mend it."""

    def __init__(self, path: Path, line: int, column: int, what: str, cure: str) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.what = what
        self.cure = cure
        super().__init__(f"{path}:{line}:{column}: {what}\n  mend: {cure}")


class RootNotFound(NatgraphError):
    """No folder that holds ``ontology/``, ``data/`` and ``shapes/`` was found."""


class NotFound(NatgraphError):
    """There is no such record; ``near`` holds slugs that look alike."""

    def __init__(self, what: str, near: Sequence[str]) -> None:
        self.what = what
        self.near = tuple(near)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"{what} is not in the graph.{hint}")

    def __reduce__(self) -> tuple[type["NotFound"], tuple[str, tuple[str, ...]]]:
        """How it goes from one process to another."""
        return type(self), (self.what, self.near)


class NotConforming(NatgraphError):
    """The data has violations and is not served; ``findings`` are the violations, where they are told.

    They are those of ``natgraph.check`` (which this module comes before, hence their type).
    """

    def __init__(self, what: str, findings: Sequence[Any] = ()) -> None:
        self.findings = tuple(findings)
        super().__init__(what)


class NotPublished(NatgraphError):
    """What would be served next cannot be made, sent or does not conform; the message says what is served."""


class BadToken(NatgraphError):
    """The tokens for writing cannot be used as they are."""


class ImportFailed(NatgraphError):
    """What was written to a server cannot be taken into the record files; no file has been changed."""


class StateError(NatgraphError):
    """The folder with what was written cannot be read or written to."""


class StateInUse(StateError):
    """Another server uses the folder."""


class StateBroken(StateError):
    """The folder's database is damaged, or of a kind that this version of natgraph does not know."""


class BackupBroken(StateError):
    """A backup is not whole, or is no backup."""


class WriteError(NatgraphError):
    """A write that is not done; the data is as it was."""


class WriteRefused(WriteError):
    """The write asks for what may not be written, such as the default graph or a computed one."""


class NoSuchGraph(WriteError):
    """The write takes away a graph that is not there."""


class WriteTimeout(WriteError):
    """The write took longer than the time limit (seconds) and was stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The write was stopped after {seconds:g} s; nothing has changed. Write less at once."
        )


class WriteOutOfMemory(WriteError):
    """The write needed more memory (bytes) than one write may take."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        super().__init__(
            f"The write needed more than {memory >> 20} MiB of memory and was stopped; nothing has changed."
        )


class WriteFailed(WriteError):
    """The engine could not do the write."""


class BadParameter(NatgraphError):
    """A parameter of a canned query is unknown, missing or not of its type; ``near`` holds what would do."""

    def __init__(self, what: str, near: Sequence[str] = ()) -> None:
        self.near = tuple(near)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"{what}{hint}")


class SearchRefused(NatgraphError):
    """A search that has nothing to look for, is too long, or names an unknown type."""


class IndexFailed(NatgraphError):
    """The search index could not be made."""


class BadStore(NatgraphError):
    """The address of a store, or the credentials for it, cannot be used."""


class ChainFault(NatgraphError):
    """A barrier chain that cannot be, or a question about one that has no meaning."""


class ChainTimeout(NatgraphError):
    """An answer about barrier chains took longer than the time limit (seconds) and was stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The answer was stopped after {seconds:g} s. Ask for less: a smaller depth, scope or number."
        )


class QueryError(NatgraphError):
    """A query that is not answered."""


class QuerySyntax(QueryError):
    """The text is not SPARQL 1.1, or what is written no RDF; ``line`` and ``column`` (from 1) tell where."""

    def __init__(self, what: str, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(what)


class QueryForbidden(QueryError):
    """The query asks for something visitors may not do, such as SERVICE or an update."""


class QueryTimeout(QueryError):
    """The query took longer than the time limit (seconds) and was stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"The query was stopped after {seconds:g} s. Ask for less, or add LIMIT.")


class QueryFailed(QueryError):
    """The engine could not answer the query."""


class QueryTooLarge(QueryError):
    """The query, or what it would give, is larger than is served."""


class QueryOutOfMemory(QueryError):
    """The query needed more memory (bytes) than one query may take."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        super().__init__(
            f"The query needed more than {memory >> 20} MiB of memory and was stopped. Sort or group less."
        )


class Busy(QueryError):
    """Too many queries wait; ``retry`` is in how many seconds it is worth trying again."""

    def __init__(self, why: str, retry: int) -> None:
        self.retry = retry
        super().__init__(why)


class StoreUnavailable(QueryError):
    """The store that holds the graph does not answer; ``retry`` is in how many seconds to try again."""

    def __init__(self, why: str, retry: int) -> None:
        self.retry = retry
        super().__init__(why)


class UpstreamFailed(QueryError):
    """The store that holds the graph gave an answer that cannot be used."""
