"""``natgraph serve``: the real graph over HTTP."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import click
import uvicorn
from starlette.types import ASGIApp

from natgraph.cli.stores import StoreAddress, describe
from natgraph.engine import Engine, Limits
from natgraph.errors import BadToken
from natgraph.paths import RootFinder
from natgraph.publish import Edition, Source, make
from natgraph.remote.endpoint import Endpoint
from natgraph.remote.engine import RemoteEngine
from natgraph.remote.labels import RemoteLabels
from natgraph.search import Making
from natgraph.store import DefaultGraphIs, Snapshot, put_on_disk
from natgraph.web.app import Publishing, create_app
from natgraph.web.chains import Desk
from natgraph.web.publisher import Stock
from natgraph.web.settings import Settings
from natgraph.web.site import Offer
from natgraph.web.tokens import read_tokens
from natgraph.writes.patch import Overlay
from natgraph.writes.state import State

LARGE = 5_000_000
"""From so many quads on a graph is served from disk, unless the user says otherwise."""
TOKEN = "NATGRAPH_TOKEN"  # noqa: S105 - the variable's name

_DATA = "Serve this RDF file (.ttl .nt .nq .trig .rdf .jsonld, also .gz) instead of natgraph's own data."
_STORE = "Where the graph is: memory, disk, or the address of a SPARQL endpoint that holds it."
_STATE = f"Keep what is written in this folder; writing is on if {TOKEN} is set."


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--public-url", help="What the server is called from outside; default http://HOST:PORT.")
@click.option(
    "--data", multiple=True, type=click.Path(exists=True, path_type=Path, dir_okay=False), help=_DATA
)
@click.option("--default-graph", type=click.Choice(["merge", "as-is"]), default="merge", show_default=True)
@click.option(
    "--store",
    type=StoreAddress("auto", "memory", "disk"),
    default="auto",
    show_default=True,
    metavar="[auto|memory|disk|URL]",
    help=_STORE,
)
@click.option("--state", type=click.Path(path_type=Path, file_okay=False), help=_STATE)
@click.option("--workers", type=click.IntRange(1), help="Queries that run at once; default: one a core.")
@click.option(
    "--timeout", default=20.0, show_default=True, type=click.FloatRange(0.1), help="Seconds a query."
)
@click.option("--memory", default=1024, show_default=True, type=click.IntRange(16), help="MiB a query.")
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(1), help="Rows an answer.")
@click.option(
    "--rate", type=click.IntRange(1), help="Requests a minute from one address; default: any number."
)
@click.option(
    "--query-log", type=click.Path(path_type=Path, dir_okay=False), help="Note queries in this file."
)
@click.pass_obj
def serve_command(
    find: RootFinder, /, host: str, port: int, public_url: str | None, data: tuple[Path, ...], **options: Any
) -> None:
    """Build (if something changed), check and serve the graph, or any RDF named by --data.

    A SIGHUP has it serve what the files say now. With NATGRAPH_TOKEN and --state it can be written to.
    """
    settings = Settings(
        public_url or f"http://{host}:{port}", not data, options["rate"], options["query_log"]
    )
    if isinstance(options["store"], Endpoint):
        app = _app_over(options["store"], settings, data, options)
        where = f"what {options['store'].url} holds ({describe(options['store'])})"
        _run(app, where, host, port)
        return
    tokens = _tokens(options["state"])
    default_graph: DefaultGraphIs = options["default_graph"]
    source = Source(None if data else find(), data, default_graph)
    with (
        TemporaryDirectory(prefix="natgraph-") as name,
        State(options["state"]) if options["state"] else nullcontext() as state,
    ):
        edition = make(source, state.overlay() if state else Overlay(), Path(mkdtemp(dir=name)), click.echo)
        if state:
            state.settle(edition.overlay)
        stock = Stock(source, state, Path(name), _offer(edition, options, settings.ours))
        offer = stock.offer(edition.snapshot(default_graph), edition.nquads.parent)
        app = create_app(settings, offer, Publishing(stock, edition, tokens, click.echo))
        _run(app, f"{edition.quads} quads, data version {edition.version[:12]},", host, port)


def _run(app: ASGIApp, what: str, host: str, port: int) -> None:
    click.echo(f"natgraph serves {what} on http://{host}:{port}")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


def _app_over(
    store: Endpoint, settings: Settings, data: tuple[Path, ...], options: dict[str, Any]
) -> ASGIApp:
    """The app over a store elsewhere, which need not answer yet."""
    if data or options["state"]:
        raise click.UsageError(
            "--data and --state are for a graph that is kept here, not for a store elsewhere."
        )
    engine = RemoteEngine(store, _limits(options))
    return create_app(settings, Offer(engine, RemoteLabels(engine), Desk(engine)))


def _tokens(state: Path | None) -> dict[str, str]:
    """Who may write; raises BadToken if nowhere is said where that is to be kept."""
    tokens = read_tokens(os.environ.get(TOKEN, ""))
    if tokens and state is None:
        raise BadToken(f"{TOKEN} is set, so this server can be written to: say --state DIR to keep that.")
    return tokens


def _offer(edition: Edition, options: dict[str, Any], ours: bool) -> Callable[[Snapshot, Path], Offer]:
    """How a snapshot is offered: from memory, or from a folder if it is large or the user says so."""
    limits = _limits(options)
    on_disk = options["store"] == "disk" or (options["store"] == "auto" and edition.quads > LARGE)

    def offer(snapshot: Snapshot, folder: Path) -> Offer:
        stored = put_on_disk(snapshot, folder / "store") if on_disk else snapshot
        engine = Engine(stored, limits)
        labels = Making(snapshot.source, snapshot.version or "")
        return Offer(engine, labels, Desk(engine) if ours else None)

    return offer


def _limits(options: dict[str, Any]) -> Limits:
    limits = Limits(seconds=options["timeout"], memory=options["memory"] << 20, rows=options["rows"])
    return replace(limits, workers=options["workers"]) if options["workers"] else limits
