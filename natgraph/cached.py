"""Checked builds, kept by the hash of everything they were made from, so that an unchanged start is quick."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from natgraph.build import Dataset, build, write_atomically
from natgraph.check import Finding, Severity, check, check_layout
from natgraph.errors import NotConforming
from natgraph.paths import Root, cache, package
from natgraph.store import load

_KEPT = 5


def checked(
    root: Root, folder: Path | None = None, report: Callable[[str], None] = lambda _: None
) -> Dataset:
    """The dataset of a root that has no violations; made and checked only if its inputs changed.

    ``report`` is told in a line what takes time. Raises DataFault for a file that cannot be used and
    NotConforming, naming the first violations, when the checks find any.
    """
    kept = (folder or cache()) / f"{fingerprint(root)}.nq"
    if kept.is_file():
        nquads = kept.read_bytes()
        return Dataset(nquads, hashlib.sha256(nquads).hexdigest())
    report("The inputs changed: building and checking the graph (some seconds).")
    dataset = build(root)
    refuse([*check_layout(root.data), *check(load(dataset.nquads), root.shapes)])
    write_atomically(dataset.nquads, kept)
    _prune(kept.parent)
    return dataset


def fingerprint(root: Root) -> str:
    """SHA-256 over names and contents of all inputs and of the code and rules that make the build."""
    digest = hashlib.sha256()
    for name, path in (*_inputs(root), *_code()):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _inputs(root: Root) -> Iterable[tuple[str, Path]]:
    return ((root.name(path), path) for path in root.inputs())


def _code() -> Iterable[tuple[str, Path]]:
    folder = package()
    files = [
        *folder.glob("*.py"),
        *folder.glob("check/*.py"),
        *folder.glob("rules/*.rq"),
        *folder.glob("queries/*.rq"),
    ]
    return ((str(path.relative_to(folder)), path) for path in sorted(files))


def _prune(folder: Path) -> None:
    """Keep the newest builds only."""
    builds = sorted(folder.glob("*.nq"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in builds[_KEPT:]:
        old.unlink(missing_ok=True)


def refuse(findings: list[Finding]) -> None:
    """Let data pass that has no violations; raises NotConforming, naming the first ones, otherwise."""
    violations = [f for f in findings if f.severity is Severity.VIOLATION]
    if violations:
        first = "\n".join(f"  {f.focus}: {f.message['en']}" for f in violations[:5])
        raise NotConforming(
            f"The data has {len(violations)} violation(s) and is not served:\n{first}\n"
            "Run `natgraph check` for all of them with file and line.",
            violations,
        )
