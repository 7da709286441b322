"""The application, built from its settings: every layer that a request passes, from the outside in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from natgraph import __version__
from natgraph.engine import Backend, Request
from natgraph.formats import GRAPHS, RESULTS
from natgraph.library import library
from natgraph.web import problems
from natgraph.web.metrics import Metrics, Observed
from natgraph.web.negotiate import language
from natgraph.web.pages import home_page
from natgraph.web.rate import RateLimited
from natgraph.web.remembered import Remembered
from natgraph.web.settings import Settings
from natgraph.web.site import Site
from natgraph.web.sparql import Sparql

_EXPOSED = ["ETag", "Natgraph-Version", "Natgraph-Limits", "Retry-After"]


def create_app(settings: Settings, backend: Backend) -> ASGIApp:
    """An app that serves a store; the store is started and ended with it."""
    site = Site(backend, settings.ours)
    metrics = Metrics(site)
    sparql = _for_everyone(Sparql(site, settings))
    app = Remembered(
        _Faces({"/sparql": sparql}, _for_everyone(_pages(site, metrics))), lambda: backend.version
    )
    limited = RateLimited(app, settings.rate) if settings.rate else app
    return Observed(limited, metrics)


class _Faces:
    """Leads a request to the app of its path: the endpoint is one of its own, since it must be quick."""

    def __init__(self, apps: dict[str, ASGIApp], others: ASGIApp) -> None:
        self._apps = apps
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps.get(scope.get("path", ""), self._others)(scope, receive, send)


def _for_everyone(app: ASGIApp) -> ASGIApp:
    """The app, compressed for those who ask for it and open to pages of any origin."""
    for form in (*RESULTS, *GRAPHS):
        add_compress_type(form.media_type)
    compressed = _Only(b"accept-encoding", CompressMiddleware(app), app)
    cross_origin = CORSMiddleware(
        compressed,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=_EXPOSED,
    )
    return _Only(b"origin", cross_origin, compressed)


class _Only:
    """Leads requests with some header to one app and the others, which need none of it, to another."""

    def __init__(self, header: bytes, app: ASGIApp, others: ASGIApp) -> None:
        self._header = header
        self._app = app
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has = any(name == self._header for name, _ in scope.get("headers", ()))
        await (self._app if has else self._others)(scope, receive, send)


def _pages(site: Site, metrics: Metrics) -> FastAPI:
    """Everything but the endpoint."""
    queries = library()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await site.start()
        try:
            yield
        finally:
            await site.stop()

    app = FastAPI(title="natgraph", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    problems.install(app)

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
