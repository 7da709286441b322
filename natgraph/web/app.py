"""The application, built from its settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette_compress import CompressMiddleware, add_compress_type

from natgraph import __version__
from natgraph.engine import Backend, Engine, Request
from natgraph.formats import GRAPHS, RESULTS
from natgraph.library import library
from natgraph.remote.endpoint import Endpoint
from natgraph.remote.engine import RemoteEngine
from natgraph.web import problems, sparql
from natgraph.web.facts import Facts
from natgraph.web.metrics import Metrics, Observed
from natgraph.web.negotiate import language
from natgraph.web.pages import home_page
from natgraph.web.rate import RateLimited
from natgraph.web.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """An app that serves one graph; its engine lives as long as it does."""
    engine = _backend(settings)
    queries = library()
    facts = Facts(engine, settings.ours)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.start()
        try:
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
    metrics = Metrics(engine)
    app.add_middleware(Observed, metrics=metrics)
    app.include_router(sparql.router(engine, settings, facts))

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def home(request: HttpRequest) -> HTMLResponse:
        return home_page(language(request), await facts.figures(), engine.version(), queries)

    @app.get("/metrics", include_in_schema=False)
    async def numbers() -> Response:
        return metrics.page()

    @app.api_route("/health/live", methods=["GET", "HEAD"])
    async def live() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    @app.api_route("/health/ready", methods=["GET", "HEAD"])
    async def ready() -> JSONResponse:
        await engine.answer(Request("ASK {}"))
        return JSONResponse({"status": "ready", "version": engine.version()})

    return app


def _backend(settings: Settings) -> Backend:
    if isinstance(settings.store, Endpoint):
        return RemoteEngine(settings.store, settings.limits)
    return Engine(settings.store, settings.limits, settings.version)
