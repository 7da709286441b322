"""The application, built from its settings: every layer that a request passes, from the outside in."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from natgraph import __version__
from natgraph.engine import Request
from natgraph.formats import GRAPHS, RESULTS
from natgraph.library import all_canned
from natgraph.publish import Edition
from natgraph.web import canned, chains, graph_store, problems, search, writing
from natgraph.web.hangup import publishing_on_hangup
from natgraph.web.metrics import Metrics, Observed
from natgraph.web.negotiate import language
from natgraph.web.pages import home_page
from natgraph.web.publisher import Publisher, Stock
from natgraph.web.query_log import QueryLog
from natgraph.web.rate import RateLimited
from natgraph.web.remembered import Remembered
from natgraph.web.settings import Settings
from natgraph.web.site import Offer, Site
from natgraph.web.sparql import Sparql

_EXPOSED = ["ETag", "Link", "Natgraph-Version", "Natgraph-Limits", "Natgraph-Limits-Met", "Retry-After"]


@dataclass(frozen=True)
class Publishing:
    """How a server makes new editions: from what, beginning with which, and whose tokens may write.

    ``report`` is told in a line what a SIGHUP led to.
    """

    stock: Stock
    edition: Edition
    tokens: Mapping[str, str]
    report: Callable[[str], None]


def create_app(settings: Settings, offer: Offer, publishing: Publishing | None = None) -> ASGIApp:
    """An app that serves an offer, which is started and ended with it.

    With ``publishing`` a SIGHUP has it publish anew, and whoever has a token may write and publish.
    """
    site = Site(offer, settings.ours)
    metrics = Metrics(site)
    sparql = _for_everyone(Sparql(site, settings))
    faces = _Faces({"/sparql": sparql}, _for_everyone(_pages(site, metrics, settings, publishing)))
    app = Remembered(faces, lambda: site.backend.version)
    limited = RateLimited(app, settings.rate) if settings.rate else app
    observed = Observed(limited, metrics)
    return QueryLog(observed, settings.query_log) if settings.query_log else observed


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


def _pages(site: Site, metrics: Metrics, settings: Settings, publishing: Publishing | None) -> FastAPI:
    """Everything but the endpoint."""
    queries = all_canned()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await site.start()
        try:
            with publishing_on_hangup(publisher, publishing.report) if publishing else nullcontext():
                yield
        finally:
            await site.stop()

    app = FastAPI(title="natgraph", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    if publishing:
        publisher = Publisher(site, publishing.stock, publishing.edition)
        if publishing.tokens:
            app.include_router(writing.router(publisher, publishing.tokens))
            app.include_router(graph_store.router(site, publisher, publishing.tokens))
    problems.install(app)
    app.include_router(search.router(site.labels, settings))
    if settings.ours:
        app.include_router(chains.router(site.chains, settings))
        app.include_router(canned.router(site, settings, queries))

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def home(request: HttpRequest) -> HTMLResponse:
        return home_page(language(request), await site.facts.figures(), site.backend.version, queries)

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
