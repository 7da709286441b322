"""``natgraph serve``: the real graph over HTTP."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
import uvicorn

from natgraph.build import write_atomically
from natgraph.cached import checked
from natgraph.paths import RootFinder
from natgraph.web.app import create_app
from natgraph.web.settings import Settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Query processes.")
@click.option(
    "--timeout", default=20.0, show_default=True, type=click.FloatRange(0.1), help="Seconds a query may take."
)
@click.pass_obj
def serve_command(find: RootFinder, host: str, port: int, workers: int, timeout: float) -> None:
    """Build (if something changed), check and serve the graph."""
    dataset = checked(find(), report=click.echo)
    with TemporaryDirectory(prefix="natgraph-") as folder:
        graph = Path(folder) / "graph.nq"
        write_atomically(dataset.nquads, graph)
        app = create_app(Settings(graph, dataset.version, workers, timeout))
        click.echo(f"natgraph serves data version {dataset.version[:12]} on http://{host}:{port}")
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
