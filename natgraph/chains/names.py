"""Many IRIs in little memory: one buffer, found by place or, once asked for, by name."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt


class Names:
    """An immutable list of distinct texts that takes little more memory than their bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        buffer, ends = bytearray(), [0]
        for text in texts:
            buffer += text.encode()
            ends.append(len(buffer))
        self._buffer = bytes(buffer)
        self._ends = np.array(ends, dtype=np.int64)
        self._order: npt.NDArray[np.int64] | None = None
        self._hashes: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> str:
        return self._buffer[self._ends[place] : self._ends[place + 1]].decode()

    def __iter__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self)))

    def place(self, text: str) -> int | None:
        """Where a text stands; None if it does not."""
        if self._order is None or self._hashes is None:
            hashes = np.fromiter((hash(t) for t in self), np.int64, len(self))
            self._order = np.argsort(hashes, kind="stable")
            self._hashes = hashes[self._order]
        first, last = (int(np.searchsorted(self._hashes, hash(text), side)) for side in ("left", "right"))
        found = (int(self._order[n]) for n in range(first, last))
        return next((place for place in found if self[place] == text), None)
