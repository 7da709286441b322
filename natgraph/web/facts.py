"""What pages and the service description say of the data, asked anew when its version changes."""

import json
from time import monotonic

from natgraph.engine import Backend, Request
from natgraph.errors import QueryError, QueryTooLarge
from natgraph.library import canned
from natgraph.parameters import LISTING, Kind

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
        return next(iter(await self._rows(canned("figures").text)), {})

    async def graphs(self) -> list[str]:
        """The IRIs of the named graphs."""
        return [row["graph"] for row in await self._rows(_GRAPHS)]

    async def things(self, kind: Kind) -> list[str]:
        """The IRIs of all things of a kind; raises QueryError where the store cannot tell."""
        found = [await self._ask(Request(LISTING, bindings=among)) for among in kind.among]
        return [row["thing"] for rows in found for row in rows]

    async def _rows(self, query: str) -> list[dict[str, str]]:
        """The rows of a small SELECT as text; none while the store cannot tell."""
        try:
            return await self._ask(Request(query))
        except QueryError:
            return []

    async def _ask(self, request: Request) -> list[dict[str, str]]:
        """The rows of a small SELECT as text, kept as long as they are true."""
        version = self._engine.version
        if request.digest in self._known:
            of, since, rows = self._known[request.digest]
            if of == version and (version or monotonic() - since < _STALE):
                return rows
        answer = await self._engine.answer(request)
        if answer.body is None:  # more than can be told here
            if answer.parts:
                await answer.parts.aclose()
            raise QueryTooLarge("The store has more of these than can be told.")
        bindings = json.loads(answer.body)["results"]["bindings"]
        rows = [{name: cell["value"] for name, cell in row.items()} for row in bindings]
        self._known[request.digest] = (version, monotonic(), rows)
        return rows
