"""What was written to a server, taken into the record files: planned first, then done, or nothing of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from pyoxigraph import NamedNode, Quad, Store

from natgraph.check.layout import message_of, misplaced
from natgraph.errors import ImportFailed
from natgraph.layout import write
from natgraph.read import read_records
from natgraph.writes.allowed import NOT_WRITABLE
from natgraph.writes.graphs import DEFAULT, read
from natgraph.writes.patch import Overlay
from natgraph.writes.placing import Misfit, file_of


@dataclass(frozen=True)
class Plan:
    """The new text of each record file that changes (None: the file goes), by path.

    ``missed`` counts the statements to remove that are in no file: the files have changed since.
    """

    files: Mapping[Path, str | None]
    missed: int = 0

    def carry_out(self) -> None:
        """Change the files. Everything is written beside them before the first is replaced."""
        beside = {path: _beside(path, text) for path, text in self.files.items() if text is not None}
        for path, made in beside.items():
            made.replace(path)
        for path in self.files.keys() - beside.keys():
            path.unlink()


def plan(data: Path, overlay: Overlay) -> Plan:
    """What record files below ``data`` have to change so that they say what was written to a server.

    Raises ImportFailed, with every reason, if there is a statement that no record file may hold, and
    DataFault for a record file that cannot be read.
    """
    _only_records(overlay)
    files = _Files(data)
    missed = files.change(overlay)
    return Plan({data / f"{name}.trig": text for name, text in files.texts().items()}, missed)


def _only_records(overlay: Overlay) -> None:
    for graph, patch in overlay.patches.items():
        reason = NOT_WRITABLE.get(graph)
        if graph == DEFAULT or patch.whole:
            reason = "it is no source's graph; was this natgraph's own data?"
        if reason:
            raise ImportFailed(f"The graph {graph or '(default)'} is not kept in record files: {reason}.")


class _Files:
    """The things that record files describe; files go by names such as ``barrier/heavy-parcels``."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._said: dict[str, set[Quad]] = defaultdict(set)
        self._home: dict[str, str] = {}
        self._changed: set[str] = set()
        for path in sorted(data.rglob("*.trig")):
            name = path.relative_to(data).with_suffix("").as_posix()
            for quad in read_records([path]):
                self._said[_subject(quad)].add(quad)
                self._home[_subject(quad)] = name

    def change(self, overlay: Overlay) -> int:
        """Say what the overlay says, each thing in its file; count statements to remove that are missed."""
        added, removed = _by_subject(overlay, "added"), _by_subject(overlay, "removed")
        missed = sum(self._remove(subject, quads) for subject, quads in removed.items())
        for subject, quads in added.items():
            self._said[subject] |= quads
        self._place(sorted(added.keys() | removed.keys()))
        return missed

    def texts(self) -> dict[str, str | None]:
        """The new text of each file that is another one now, None for a file that goes.

        Raises ImportFailed if something would stand where it does not belong.
        """
        content: dict[str, list[Quad]] = {name: [] for name in self._changed}
        for subject, name in self._home.items():
            if name in content:
                content[name].extend(self._said[subject])
        faults = [
            f"{name}.trig: {message_of(fault, f'{name}.trig')['en']}"
            for name, quads in content.items()
            for fault in misplaced(name, quads)
            if quads
        ]
        _refuse(faults)
        new = {name: write(quads) if quads else None for name, quads in sorted(content.items())}
        return {name: text for name, text in new.items() if text != self._text(name)}

    def _text(self, name: str) -> str | None:
        path = self._data / f"{name}.trig"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def _remove(self, subject: str, quads: set[Quad]) -> int:
        """Take statements away; files may write a literal in another way than the store does."""
        found = {quad for quad in self._said[subject] if _as_stored(quad) in quads}
        self._said[subject] -= found
        return len(quads) - len(found)

    def _place(self, subjects: Iterable[str]) -> None:
        """Find the file of each thing; raises ImportFailed for those that have none."""
        old = {subject: self._home.pop(subject, None) for subject in subjects}
        reasons: list[str] = []
        for subject in old:
            try:
                self._find(subject, old)
            except Misfit as misfit:
                reasons.append(str(misfit))
        _refuse(reasons)
        self._changed |= {name for s in old for name in (old[s], self._home.get(s)) if name is not None}

    def _find(
        self, subject: str, old: Mapping[str, str | None], asked: frozenset[str] = frozenset()
    ) -> str | None:
        """The file of a thing, found now if it has to be; None for a thing that nothing is said about.

        ``old`` are the files in which things to place stood, ``asked`` those whose file hangs on this one's.
        """
        if subject in self._home or subject not in old or subject in asked or not self._said[subject]:
            return self._home.get(subject)
        on = asked | {subject}
        name = file_of(subject, self._said[subject], lambda other: self._find(other, old, on), old[subject])
        if not (self._data / name.partition("/")[0]).is_dir():
            raise Misfit(f"{subject} is of a type without a folder in {self._data}")
        self._home[subject] = name
        return name


def _by_subject(overlay: Overlay, part: str) -> dict[str, set[Quad]]:
    found: dict[str, set[Quad]] = defaultdict(set)
    for graph, patch in overlay.patches.items():
        for quad in read(graph, getattr(patch, part)):
            found[_subject(quad)].add(quad)
    return found


def _subject(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)


def _as_stored(quad: Quad) -> Quad:
    store = Store()
    store.add(quad)
    (stored,) = store.quads_for_pattern(None, None, None, None)
    return stored


def _refuse(reasons: list[str]) -> None:
    if reasons:
        listed = "\n".join(f"  {reason}" for reason in reasons)
        raise ImportFailed(f"Nothing is imported:\n{listed}")


def _beside(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as made:
        made.write(text)
    return Path(made.name)
