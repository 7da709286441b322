"""``natgraph serve``: the real graph over HTTP."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import uvicorn

from natgraph.anydata import gather
from natgraph.build import write_atomically
from natgraph.cached import checked
from natgraph.cli.stores import StoreAddress, describe
from natgraph.engine import Limits
from natgraph.paths import RootFinder
from natgraph.remote.endpoint import Endpoint
from natgraph.store import DefaultGraphIs, Snapshot, put_on_disk
from natgraph.web.app import create_app
from natgraph.web.settings import Settings

LARGE = 5_000_000
"""From so many quads on a graph is served from disk, unless the user says otherwise."""

_DATA = "Serve this RDF file (.ttl .nt .nq .trig .rdf .jsonld, also .gz) instead of natgraph's own data."

_STORE = "Where the graph is: memory, disk, or the address of a SPARQL endpoint that holds it."


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
@click.option("--workers", type=click.IntRange(1), help="Queries that run at once; default: one a core.")
@click.option(
    "--timeout", default=20.0, show_default=True, type=click.FloatRange(0.1), help="Seconds a query."
)
@click.option("--memory", default=1024, show_default=True, type=click.IntRange(16), help="MiB a query.")
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(1), help="Rows an answer.")
@click.option(
    "--rate", type=click.IntRange(1), help="Requests a minute from one address; default: any number."
)
@click.pass_obj
def serve_command(
    find: RootFinder, /, host: str, port: int, public_url: str | None, data: tuple[Path, ...], **options: Any
) -> None:
    """Build (if something changed), check and serve the graph, or any RDF named by --data."""
    url = public_url or f"http://{host}:{port}"
    if isinstance(options["store"], Endpoint):
        _serve_store(options["store"], url, data=data, host=host, port=port, options=options)
        return
    default_graph: DefaultGraphIs = options["default_graph"]
    with TemporaryDirectory(prefix="natgraph-") as name:
        folder = Path(name)
        graph = folder / "graph.nq"
        if data:
            version, quads = gather(data, graph)
        else:
            dataset = checked(find(), report=click.echo)
            write_atomically(dataset.nquads, graph)
            version, quads = dataset.version, dataset.nquads.count(b"\n")
        snapshot = Snapshot(graph, default_graph)
        if options["store"] == "disk" or (options["store"] == "auto" and quads > LARGE):
            snapshot = put_on_disk(snapshot, folder / "store")
        app = create_app(Settings(snapshot, version, url, _limits(options), not data, options["rate"]))
        click.echo(f"natgraph serves {quads} quads, data version {version[:12]}, on http://{host}:{port}")
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


def _serve_store(
    store: Endpoint, url: str, *, data: tuple[Path, ...], host: str, port: int, options: dict[str, Any]
) -> None:
    """Serve the graph that a store elsewhere holds; it need not answer yet."""
    if data:
        raise click.UsageError("--data and the address of a store cannot be served together.")
    app = create_app(Settings(store, public_url=url, limits=_limits(options), rate=options["rate"]))
    click.echo(f"natgraph serves what {store.url} holds ({describe(store)}), on http://{host}:{port}")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


def _limits(options: dict[str, Any]) -> Limits:
    limits = Limits(seconds=options["timeout"], memory=options["memory"] << 20, rows=options["rows"])
    return replace(limits, workers=options["workers"]) if options["workers"] else limits
