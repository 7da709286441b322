"""``natgraph serve``: the real graph over HTTP."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import uvicorn

from natgraph.build import write_atomically
from natgraph.cached import checked
from natgraph.engine import Limits
from natgraph.paths import RootFinder
from natgraph.web.app import create_app
from natgraph.web.settings import Settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--public-url", help="What the server is called from outside; default http://HOST:PORT.")
@click.option("--workers", type=click.IntRange(1), help="Queries that run at once; default: one a core.")
@click.option(
    "--timeout", default=20.0, show_default=True, type=click.FloatRange(0.1), help="Seconds a query may take."
)
@click.option(
    "--memory",
    default=1024,
    show_default=True,
    type=click.IntRange(16),
    help="MiB of memory a query may take.",
)
@click.option(
    "--rows", default=1_000_000, show_default=True, type=click.IntRange(1), help="Rows of an answer."
)
@click.pass_obj
def serve_command(  # noqa: PLR0917 - options come by name
    find: RootFinder,
    host: str,
    port: int,
    public_url: str | None,
    workers: int | None,
    timeout: float,
    memory: int,
    rows: int,
) -> None:
    """Build (if something changed), check and serve the graph."""
    dataset = checked(find(), report=click.echo)
    limits = Limits(seconds=timeout, memory=memory << 20, rows=rows)
    if workers:
        limits = replace(limits, workers=workers)
    with TemporaryDirectory(prefix="natgraph-") as folder:
        graph = Path(folder) / "graph.nq"
        write_atomically(dataset.nquads, graph)
        app = create_app(Settings(graph, dataset.version, public_url or f"http://{host}:{port}", limits))
        click.echo(f"natgraph serves data version {dataset.version[:12]} on http://{host}:{port}")
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
