"""Answers that are cut after their start: never silently, and well-formed where the format allows it."""

from dataclasses import dataclass

from natgraph.terms import PREFIXES


@dataclass(frozen=True)
class Rows:
    """How a format shows its rows: what stands between or after them, and how a cut answer is closed.

    ``keep``: bytes of the mark that belong to the row before it. ``close``: how to end after the last whole
    row, ``{}`` stands for the reason; None where a cut can only be shown by breaking the connection.
    ``between``: the mark stands between two rows, not after each. ``header``: marks before the first row.
    """

    mark: bytes
    keep: int
    close: str | None
    between: bool = False
    header: int = 0


FORMATS: dict[str, Rows] = {
    "json": Rows(b'}},{"', 2, ']}},"truncated":"{}"}}', between=True),
    "xml": Rows(b"</result>", 9, "</results><!-- truncated: {} --></sparql>"),
    "csv": Rows(b"\r\n", 2, None, header=1),
    "tsv": Rows(b"\n", 1, None, header=1),
    "ttl": Rows(b" .\n", 3, "# truncated: {}\n", header=len(PREFIXES)),
    "trig": Rows(b" .\n", 3, "# truncated: {}\n", header=len(PREFIXES)),
    "nt": Rows(b" .\n", 3, "# truncated: {}\n"),
    "nq": Rows(b" .\n", 3, "# truncated: {}\n"),
    "rdf": Rows(b"</rdf:Description>", 18, None),
    "jsonld": Rows(b"},{", 1, None, between=True),
}


class Cutter:
    """Passes on whole rows only, counts them, and knows how to close early."""

    def __init__(self, form: str, rows: int, size: int) -> None:
        self._rows = FORMATS[form]
        self._rows_left = rows - self._rows.between + self._rows.header
        self._bytes_left = size
        self._tail = b""
        self.exceeded: str | None = None

    def feed(self, chunk: bytes) -> bytes:
        """The whole rows of what has come so far; sets ``exceeded`` when a limit is reached."""
        data, keep = self._tail + chunk, self._rows.keep
        self._bytes_left -= len(chunk)
        at = data.rfind(self._rows.mark)
        whole, self._tail = (data[: at + keep], data[at + keep :]) if at >= 0 else (b"", data)
        count = data.count(self._rows.mark)
        if count > self._rows_left:
            whole = self._first(data, self._rows_left + self._rows.between)
            self.exceeded = "rows"
        elif self._bytes_left < 0:
            self.exceeded = "bytes"
        self._rows_left -= count
        return whole

    def _first(self, data: bytes, rows: int) -> bytes:
        """The data up to the end of so many rows."""
        at = -1
        for _row in range(rows):
            at = data.index(self._rows.mark, at + 1)
        return data[: at + self._rows.keep] if rows else b""

    def rest(self) -> bytes:
        """What stands after the last whole row of an answer that came to its end."""
        return self._tail

    def close(self, reason: str) -> bytes | None:
        """How to end an answer here; None if the format has no way but to break off."""
        return None if self._rows.close is None else self._rows.close.format(reason).encode()
