"""``natgraph publish``: have a server serve what the files say now."""

import os

import click
import httpx

from natgraph.errors import NotPublished

TOKEN = "NATGRAPH_TOKEN"  # noqa: S105 - the variable's name
_LONG = 600.0
"""Seconds to wait for a server that builds and checks."""


@click.command("publish")
@click.option("--server", required=True, help=f"Address of the server; the token is read from {TOKEN}.")
def publish_command(server: str) -> None:
    """Have a running server build, check and serve what its files say now, without a pause.

    If they do not conform, it goes on with what it serves, and this says why (exit code 2). Without a token
    at hand: kill -HUP its process.
    """
    said = _ask(server)
    what = "Published" if said["changed"] else "Nothing has changed"
    click.echo(f"{what}: data version {said['version'][:12]}")


def _ask(server: str) -> dict[str, str]:
    token = os.environ.get(TOKEN)
    if not token:
        raise NotPublished(f"Set {TOKEN} to a token of the server, or send its process a SIGHUP.")
    address = f"{server.rstrip('/')}/publish"
    headers = {"Authorization": f"Bearer {token.rpartition(':')[2]}"}
    try:
        answer = httpx.post(address, headers=headers, timeout=_LONG)
        said: dict[str, str] = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise NotPublished(f"{address} does not answer: {error}") from error
    if answer.status_code != httpx.codes.OK:
        raise NotPublished(f"{address} answers {answer.status_code}: {said.get('detail', '')}")
    return said
