"""The application, built from its settings."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette_compress import CompressMiddleware, add_compress_type

from natgraph import __version__
from natgraph.engine import Engine, Request
from natgraph.formats import GRAPHS, RESULTS
from natgraph.library import canned, library
from natgraph.web import problems, sparql
from natgraph.web.metrics import Metrics, Observed
from natgraph.web.negotiate import language
from natgraph.web.pages import home_page
from natgraph.web.rate import RateLimited
from natgraph.web.settings import Settings

_GRAPHS = "SELECT ?graph WHERE { GRAPH ?graph {} } ORDER BY ?graph"


def create_app(settings: Settings) -> FastAPI:
    """An app that serves one snapshot; its engine lives as long as it does."""
    engine = Engine(settings.snapshot, settings.limits)
    queries = library()
    figures: dict[str, str] = {}
    graphs: list[str] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.start()
        try:
            if settings.ours:
                figures.update((await _rows(engine, canned("figures")))[0])
            graphs.extend(row["graph"] for row in await _rows(engine, _GRAPHS))
            yield
        finally:
            await engine.stop()

    app = FastAPI(title="natgraph", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    problems.install(app)
    for form in (*RESULTS, *GRAPHS):
        add_compress_type(form.media_type)
    app.add_middleware(CompressMiddleware)
    if settings.rate:
        app.add_middleware(RateLimited, rate=settings.rate)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=["ETag", "Natgraph-Version", "Natgraph-Limits", "Retry-After"],
    )
    metrics = Metrics(engine, settings.version)
    app.add_middleware(Observed, metrics=metrics)
    app.include_router(sparql.router(engine, settings, graphs))

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def home(request: HttpRequest) -> HTMLResponse:
        return home_page(language(request), figures, settings.version, queries)

    @app.get("/metrics", include_in_schema=False)
    async def numbers() -> Response:
        return metrics.page()

    @app.api_route("/health/live", methods=["GET", "HEAD"])
    async def live() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    @app.api_route("/health/ready", methods=["GET", "HEAD"])
    async def ready() -> JSONResponse:
        await engine.answer(Request("ASK {}"))
        return JSONResponse({"status": "ready", "version": settings.version})

    return app


async def _rows(engine: Engine, query: str) -> list[dict[str, str]]:
    """The rows of a small SELECT as text."""
    answer = await engine.answer(Request(query))
    bindings = json.loads(answer.body or b"{}")["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in bindings]
