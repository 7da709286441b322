"""The folder in which a server keeps what was written to it: the overlay, and the log of writes.

A commit is on the disk when it returns; one that is broken off has not happened.
"""

import fcntl
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType

from natgraph.errors import StateError, StateInUse
from natgraph.writes.database import NAME, connect, create, faults, transaction
from natgraph.writes.patch import Overlay, Patch
from natgraph.writes.prepare import Prepared
from natgraph.writes.rows import Entry, entries, keep, note, read_overlay, set_versions

_PATIENCE = 5.0
"""Seconds to wait for the lock of a folder."""


class State:
    """What was written, open for one server. It may be used from any thread."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, made if it is not there.

        Raises StateInUse if another server uses it, StateBroken if its database is damaged or not known, and
        StateError if it cannot be used.
        """
        self._path = folder / NAME
        self._turn = Lock()
        with faults(self._path):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = hold(folder)
        try:
            if not self._path.exists():
                create(self._path)
            self._link = connect(self._path)
        except BaseException:
            os.close(self._lock)
            raise

    def __enter__(self) -> "State":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        self._link.close()
        os.close(self._lock)

    def overlay(self) -> Overlay:
        """All that was written."""
        with self._turn, faults(self._path):
            return read_overlay(self._link)

    def settle(self, overlay: Overlay) -> None:
        """Take over an overlay that ``assemble_with`` gave, once its dataset may be served.

        What makes no difference any more is forgotten. A new data version is noted in the log as ``publish``.
        """
        with self._turn, transaction(self._link, self._path):
            before = read_overlay(self._link)
            for graph in {*before.patches, *overlay.patches}:
                keep(
                    self._link, graph, before.patches.get(graph, Patch()), overlay.patches.get(graph, Patch())
                )
            if overlay.version is not None and overlay.version != before.version:
                note(
                    self._link,
                    Entry(_now(), "natgraph", "publish", "", before.version, overlay.version, 0, 0),
                )
            set_versions(self._link, overlay.version, overlay.base)

    def commit(self, prepared: Prepared, who: str) -> None:
        """Keep a prepared write; it is on the disk when this returns.

        ``who`` is the name of the token that wrote. Raises StateError, with nothing kept, when the write was
        prepared on another data version than the one that was settled or committed last.
        """
        if not prepared.changes:
            return
        with self._turn, transaction(self._link, self._path):
            overlay = read_overlay(self._link, [change.graph for change in prepared.changes])
            if overlay.version != prepared.old:
                raise StateError(
                    "The data has changed since this write was prepared. Nothing has changed; try again."
                )
            versions = (prepared.old, prepared.version)
            for change in prepared.changes:
                patch = overlay.patches.get(change.graph, Patch())
                keep(self._link, change.graph, patch, patch.after(change))
                counts = (len(change.added), len(change.removed))
                note(self._link, Entry(_now(), who, prepared.operation, change.graph, *versions, *counts))
            set_versions(self._link, prepared.version, overlay.base)

    def log(self, limit: int = 100) -> list[Entry]:
        """The last lines of the log, the newest first."""
        with self._turn, faults(self._path):
            return entries(self._link, limit)


def hold(folder: Path) -> int:
    """Lock a folder for one server; give the open file that holds the lock. Raises StateInUse.

    It waits a little: a process that a killed server was about to start holds the lock until it has started.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    patience = time.monotonic() + _PATIENCE
    while not _locked(descriptor):
        if time.monotonic() > patience:
            os.close(descriptor)
            raise StateInUse(f"{folder} is in use by a natgraph server. One server writes to a folder.")
        time.sleep(0.05)
    return descriptor


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def overlay_of(folder: Path) -> Overlay:
    """What was written to the server that keeps its state in a folder, also while it runs."""
    path = folder / NAME
    link = connect(path)
    try:
        with transaction(link, path):
            return read_overlay(link)
    finally:
        link.close()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
