"""The application, built from its settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette_compress import CompressMiddleware, add_compress_type

from natgraph import __version__
from natgraph.engine import Backend, Request
from natgraph.formats import GRAPHS, RESULTS
from natgraph.library import library
from natgraph.search import Making
from natgraph.web import problems, search, sparql
from natgraph.web.metrics import Metrics, Observed
from natgraph.web.negotiate import language
from natgraph.web.pages import home_page
from natgraph.web.rate import RateLimited
from natgraph.web.remembered import Remembered
from natgraph.web.settings import Settings
from natgraph.web.site import Site


def create_app(settings: Settings, backend: Backend, labels: Making | None = None) -> FastAPI:
    """An app that serves a store and, if given, an index of labels; both are started and ended with it."""
    site = Site(backend, settings.ours)
    queries = library()

    app = FastAPI(
        title="natgraph",
        version=__version__,
        lifespan=lambda _: _life(site, labels),
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    for form in (*RESULTS, *GRAPHS):
        add_compress_type(form.media_type)
    app.add_middleware(CompressMiddleware)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=["ETag", "Link", "Natgraph-Version", "Natgraph-Limits", "Retry-After"],
    )
    app.add_middleware(Remembered, version=lambda: site.backend.version)
    if settings.rate:
        app.add_middleware(RateLimited, rate=settings.rate)
    metrics = Metrics(site)
    app.add_middleware(Observed, metrics=metrics)
    app.router.routes.extend(sparql.routes(site, settings))
    if labels:
        app.include_router(search.router(labels.current, settings))

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def home(request: HttpRequest) -> HTMLResponse:
        return home_page(language(request), site.figures, site.version, queries)

    @app.get("/metrics", include_in_schema=False)
    async def numbers() -> Response:
        return metrics.page()

    @app.api_route("/health/live", methods=["GET", "HEAD"])
    async def live() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    @app.api_route("/health/ready", methods=["GET", "HEAD"])
    async def ready() -> JSONResponse:
        await site.backend.answer(Request("ASK {}"))
        return JSONResponse({"status": "ready", "version": site.version})

    return app


@asynccontextmanager
async def _life(site: Site, labels: Making | None) -> AsyncIterator[None]:
    """Start what the app needs, and end it with the app; nobody waits for the index."""
    if labels:
        labels.start()
    try:
        await site.start()
        yield
    finally:
        await site.stop()
        if labels:
            await labels.stop()
