"""The application, built from its settings."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse

from natgraph import __version__
from natgraph.queries import canned, library
from natgraph.web import problems, sparql
from natgraph.web.negotiate import language
from natgraph.web.pages import home_page
from natgraph.web.pool import Pool
from natgraph.web.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """An app that serves one snapshot; its workers live as long as it does."""
    pool = Pool(settings.graph, settings.workers, settings.seconds)
    queries = library()
    figures: dict[str, str] = {}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await pool.start()
        try:
            figures.update(await _figures(pool))
            yield
        finally:
            await pool.stop()

    app = FastAPI(title="natgraph", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    problems.install(app)
    app.include_router(sparql.router(pool, settings))

    @app.get("/", include_in_schema=False)
    async def home(request: Request) -> HTMLResponse:
        return home_page(language(request), figures, settings.version, queries)

    @app.get("/health/live")
    async def live() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    @app.get("/health/ready")
    async def ready() -> JSONResponse:
        await pool.ask("ASK {}", "json", None)
        return JSONResponse({"status": "ready", "version": settings.version})

    return app


async def _figures(pool: Pool) -> dict[str, str]:
    """The numbers on the front page, counted by the query ``figures``."""
    _, body = await pool.ask(canned("figures"), "json", None)
    row = json.loads(body)["results"]["bindings"][0]
    return {name: cell["value"] for name, cell in row.items()}
