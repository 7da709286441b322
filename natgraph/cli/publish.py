"""``natgraph publish``: the checked graph to where it is served from."""

import asyncio
import os
from typing import Any

import click
import httpx

from natgraph.build import Dataset
from natgraph.cached import checked
from natgraph.cli.stores import StoreAddress
from natgraph.errors import BadStore, NotPublished
from natgraph.paths import RootFinder
from natgraph.remote.endpoint import Endpoint, address
from natgraph.remote.publish import Outcome, publish
from natgraph.remote.store import Store
from natgraph.remote.writers import GraphStore, Updates, Writer

TOKEN = "NATGRAPH_TOKEN"  # noqa: S105 - the variable's name
_LONG = 600.0
"""Seconds to wait for a server that builds and checks."""


class _Address(click.ParamType[str]):
    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return address(value)
        except BadStore as error:
            self.fail(str(error), param, ctx)


@click.command("publish")
@click.option("--server", type=_Address(), help=f"A natgraph server; its token is read from {TOKEN}.")
@click.option("--store", type=StoreAddress(), help="SPARQL endpoint of a store to fill.")
@click.option(
    "--graph-store-url", type=_Address(), help="Fill it by the Graph Store Protocol at this address."
)
@click.option(
    "--update-url", type=_Address(), help="Fill it by SPARQL Update at this address; default: --store."
)
@click.option("--replace", is_flag=True, help="Do away with other data in the store's default graph.")
@click.pass_obj
def publish_command(find: RootFinder, /, server: str | None, store: Endpoint | None, **options: Any) -> None:
    """Have a server serve what its files say now, or send the graph to a store elsewhere.

    With --server: it builds, checks and goes over to the new graph without a pause; if that does not
    conform, it goes on with what it serves, and this says why (exit code 2). Without a token at hand:
    kill -HUP its process.

    With --store: build (if something changed), check and send the graph, its version last. Credentials come
    from the environment: NATGRAPH_STORE_USER and NATGRAPH_STORE_PASSWORD, or NATGRAPH_STORE_TOKEN.
    """
    if (server is None) == (store is None):
        raise click.UsageError("Name the server with --server URL or the store with --store URL.")
    if options["graph_store_url"] and options["update_url"]:
        raise click.UsageError("Give --graph-store-url or --update-url, not both.")
    click.echo(_to_store(find, store, options) if store else _at_server(server or ""))


def _at_server(server: str) -> str:
    said = _ask(server)
    return f"{'Published' if said['changed'] else 'Nothing has changed'}: data version {said['version'][:12]}"


def _ask(server: str) -> dict[str, str]:
    token = os.environ.get(TOKEN)
    if not token:
        raise NotPublished(f"Set {TOKEN} to a token of the server, or send its process a SIGHUP.")
    where = f"{server.rstrip('/')}/publish"
    headers = {"Authorization": f"Bearer {token.rpartition(':')[2]}"}
    try:
        answer = httpx.post(where, headers=headers, timeout=_LONG)
        said: dict[str, str] = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise NotPublished(f"{where} does not answer: {error}") from error
    if answer.status_code != httpx.codes.OK:
        raise NotPublished(f"{where} answers {answer.status_code}: {said.get('detail', '')}")
    return said


def _to_store(find: RootFinder, store: Endpoint, options: dict[str, Any]) -> str:
    dataset = checked(find(), report=click.echo)
    outcome = asyncio.run(_send(dataset, store, options))
    return (
        f"{store.url} holds data version {dataset.version[:12]}: {outcome.sent} graphs sent, "
        f"{outcome.unchanged} unchanged, {outcome.dropped} dropped."
    )


async def _send(dataset: Dataset, endpoint: Endpoint, options: dict[str, Any]) -> Outcome:
    store, graph_store = Store(endpoint, 1), options["graph_store_url"]
    update = options["update_url"] or endpoint.url
    writer: Writer = GraphStore(store, graph_store) if graph_store else Updates(store, update)
    try:
        return await publish(dataset, store, writer, click.echo, options["replace"])
    finally:
        await store.close()
