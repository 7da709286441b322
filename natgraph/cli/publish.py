"""``natgraph publish``: the checked graph to where it is served from."""

import asyncio
from typing import Any

import click

from natgraph.build import Dataset
from natgraph.cached import checked
from natgraph.cli.stores import StoreAddress
from natgraph.errors import BadStore
from natgraph.paths import RootFinder
from natgraph.remote.endpoint import Endpoint, address
from natgraph.remote.publish import Outcome, publish
from natgraph.remote.store import Store
from natgraph.remote.writers import GraphStore, Updates, Writer


class _Address(click.ParamType[str]):
    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return address(value)
        except BadStore as error:
            self.fail(str(error), param, ctx)


@click.command("publish")
@click.option("--store", type=StoreAddress(), required=True, help="SPARQL endpoint of the store to fill.")
@click.option(
    "--graph-store-url", type=_Address(), help="Fill it by the Graph Store Protocol at this address."
)
@click.option(
    "--update-url", type=_Address(), help="Fill it by SPARQL Update at this address; default: --store."
)
@click.option("--replace", is_flag=True, help="Do away with other data in the store's default graph.")
@click.pass_obj
def publish_command(
    find: RootFinder, store: Endpoint, graph_store_url: str | None, update_url: str | None, replace: bool
) -> None:
    """Build (if something changed), check and send the graph to a store elsewhere, its version last.

    Credentials come from the environment: NATGRAPH_STORE_USER and NATGRAPH_STORE_PASSWORD, or
    NATGRAPH_STORE_TOKEN.
    """
    if graph_store_url and update_url:
        raise click.UsageError("Give --graph-store-url or --update-url, not both.")
    dataset = checked(find(), report=click.echo)
    outcome = asyncio.run(_publish(dataset, store, graph_store_url, update_url or store.url, replace))
    click.echo(
        f"{store.url} holds data version {dataset.version[:12]}: {outcome.sent} graphs sent, "
        f"{outcome.unchanged} unchanged, {outcome.dropped} dropped."
    )


async def _publish(
    dataset: Dataset, endpoint: Endpoint, graph_store: str | None, update: str, replace: bool
) -> Outcome:
    store = Store(endpoint, 1)
    writer: Writer = GraphStore(store, graph_store) if graph_store else Updates(store, update)
    try:
        return await publish(dataset, store, writer, click.echo, replace)
    finally:
        await store.close()
