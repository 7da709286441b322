"""What one query may take, and how many may run; all of it is told to the one who asks."""

import os
from dataclasses import dataclass, field


def _cores() -> int:
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Limits:
    """Limits of a query and of the engine.

    Of a query: ``seconds`` (wall clock, without the time a slow reader takes), ``memory`` (bytes beyond the
    graph itself), ``rows`` and ``bytes`` of the answer, ``text`` (bytes of the query).

    Of the engine: ``workers`` (queries that run at once in each lane), ``slice`` (seconds of processor time
    after which a query counts as heavy), ``heavy_a_client`` (heavy queries of one client that wait or whose
    answer has not begun), ``queue`` (queries that may wait) and ``patience`` (seconds they do),
    ``stream_seconds`` (how long a reader may take), ``hold_bytes`` and ``hold_seconds`` (how much of an
    answer's start may be held back).
    """

    seconds: float = 20.0
    memory: int = 1 << 30
    rows: int = 1_000_000
    bytes: int = 1 << 29
    text: int = 1_000_000
    workers: int = field(default_factory=_cores)
    slice: float = 0.01
    heavy_a_client: int = 16
    queue: int = 256
    patience: float = 10.0
    stream_seconds: float = 300.0
    hold_bytes: int = 1 << 20
    hold_seconds: float = 0.5
