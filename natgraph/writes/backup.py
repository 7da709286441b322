"""Backups of what was written: one file with the database and a manifest that tells its hash.

The file is a gzipped tar archive of ``manifest.json`` and the database; it is made while a server runs.
"""

import gzip
import hashlib
import io
import json
import os
import sqlite3
import tarfile
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from natgraph import __version__
from natgraph.errors import BackupBroken, StateError
from natgraph.writes.database import NAME, connect, faults, put
from natgraph.writes.state import hold

_MANIFEST = "manifest.json"
_KIND = "natgraph-backup-1"


def backup(folder: Path, file: Path) -> str:
    """Write a backup of a server's folder to a file, whole or not at all; give the database's SHA-256.

    Raises StateError if the folder or the file cannot be used.
    """
    with faults(folder / NAME), TemporaryDirectory(dir=file.parent, prefix=".backup-") as name:
        copy = Path(name) / NAME
        with closing(connect(folder / NAME)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        content = copy.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        archive = Path(name) / "archive"
        with tarfile.open(archive, "w:gz") as made:
            _add(made, _MANIFEST, json.dumps(_manifest(digest, len(content)), indent=2).encode())
            _add(made, NAME, content)
        put(archive, file)
    return digest


def restore(file: Path, folder: Path, *, force: bool = False) -> None:
    """Put what a backup holds into a folder; it is there whole, or what was there before.

    Raises BackupBroken for a file that is not whole, StateError for a folder that holds something (unless
    ``force``), StateInUse for one that a server uses.
    """
    content = _read(file)
    with faults(folder / NAME):
        if not force and folder.is_dir() and any(path.name != "lock" for path in folder.iterdir()):
            raise StateError(
                f"{folder} is not empty. Name another folder, or replace what it holds with --force."
            )
        folder.mkdir(parents=True, exist_ok=True)
        lock = hold(folder)
        try:
            _replace(content, file, folder / NAME)
        finally:
            os.close(lock)


def _replace(content: bytes, file: Path, path: Path) -> None:
    beside = path.with_name(f"{path.name}.restored")
    beside.write_bytes(content)
    try:
        connect(beside).close()
    except StateError as error:
        beside.unlink()
        raise BackupBroken(f"{file} holds a database that cannot be used: {error}") from error
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)  # it belongs to the one that is replaced
    put(beside, path)


def _manifest(digest: str, size: int) -> dict[str, object]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {
        "kind": _KIND,
        "natgraph": __version__,
        "made": now,
        "file": NAME,
        "bytes": size,
        "sha256": digest,
    }


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def _read(file: Path) -> bytes:
    """The database in a backup; raises BackupBroken if it is not what the manifest tells."""
    try:
        unpacked = io.BytesIO(gzip.decompress(file.read_bytes()))  # to its end, unlike tarfile
        with tarfile.open(fileobj=unpacked, mode="r:") as archive:
            manifest = json.loads(_member(archive, _MANIFEST))
            content = _member(archive, NAME)
        if manifest["kind"] == _KIND and manifest["sha256"] == hashlib.sha256(content).hexdigest():
            return content
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise BackupBroken(f"{file} is no whole backup: {error}") from error
    raise BackupBroken(f"{file} is no whole backup: its content is not what its manifest tells.")


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found.read()
