"""``/metrics`` for Prometheus: requests, their time, and what the engine is doing."""

from functools import partial
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from natgraph.web.site import Site

_FACES = ("/sparql", "/api/v1/search", "/health/live", "/health/ready", "/metrics")
_BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.25, 1, 5, 20, 60)


class Metrics:
    """The numbers of one app, in a registry of its own."""

    def __init__(self, site: Site) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "natgraph_requests", "Requests by face and status", ["face", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "natgraph_request_seconds", "Time to the end", ["face"], registry=self._registry, buckets=_BUCKETS
        )
        self._site = site
        self._data = Gauge("natgraph_data", "The data version", ["version"], registry=self._registry)
        for name, what in (("waiting", "Queries that wait"), ("heavy", "Heavy queries that run")):
            gauge = Gauge(f"natgraph_queries_{name}", what, registry=self._registry)
            gauge.set_function(partial(_reading, site, name))
        kills = Gauge(
            "natgraph_workers_killed", "Workers ended before they were done", registry=self._registry
        )
        kills.set_function(partial(_reading, site, "killed"))

    def page(self) -> Response:
        """The numbers in Prometheus' text format."""
        self._data.clear()
        self._data.labels(self._site.version).set(1)
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def note(self, face: str, status: str, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(face, status).inc()
        self._seconds.labels(face).observe(seconds)


def _reading(site: Site, name: str) -> float:
    return float(getattr(site.backend.state(), name))


class Observed:
    """Middleware that counts and times requests."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its face, status and time."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        face = scope["path"] if scope["path"] in _FACES else "page"
        status, start = "000", perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._metrics.note(face, status, perf_counter() - start)
