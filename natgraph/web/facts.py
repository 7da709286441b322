"""What pages and the service description say of the data, asked anew when its version changes."""

import json
from time import monotonic

from natgraph.engine import Backend, Request
from natgraph.errors import QueryError
from natgraph.library import canned

_GRAPHS = "SELECT ?graph WHERE { GRAPH ?graph {} } ORDER BY ?graph"
_STALE = 300.0
"""Seconds after which the graphs of data without a version are asked for again."""


class Facts:
    """Figures (of our own data only) and named graphs; empty while the store cannot tell."""

    def __init__(self, engine: Backend, ours: bool) -> None:
        self._engine = engine
        self._ours = ours
        self._known: dict[str, tuple[str | None, float, list[dict[str, str]]]] = {}

    async def figures(self) -> dict[str, str]:
        """The figures of the front page."""
        if not (self._ours and self._engine.version):
            return {}
        return next(iter(await self._rows(canned("figures"))), {})

    async def graphs(self) -> list[str]:
        """The IRIs of the named graphs."""
        return [row["graph"] for row in await self._rows(_GRAPHS)]

    async def _rows(self, query: str) -> list[dict[str, str]]:
        """The rows of a small SELECT as text, kept as long as they are true."""
        version = self._engine.version
        if query in self._known:
            of, since, rows = self._known[query]
            if of == version and (version or monotonic() - since < _STALE):
                return rows
        try:
            answer = await self._engine.answer(Request(query))
        except QueryError:
            return []
        if answer.body is None:  # more than can be told here
            if answer.parts:
                await answer.parts.aclose()
            return []
        bindings = json.loads(answer.body)["results"]["bindings"]
        rows = [{name: cell["value"] for name, cell in row.items()} for row in bindings]
        self._known[query] = (version, monotonic(), rows)
        return rows
