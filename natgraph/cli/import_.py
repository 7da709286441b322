"""``natgraph import``: what was written to a server, taken into the record files."""

import os
from pathlib import Path

import click
import httpx

from natgraph.build import Dataset, build
from natgraph.check import Severity, check, check_layout, to_text
from natgraph.errors import ImportFailed, StateBroken
from natgraph.paths import Root, RootFinder
from natgraph.store import load
from natgraph.writes.patch import Overlay
from natgraph.writes.records import Plan, plan
from natgraph.writes.state import overlay_of

TOKEN = "NATGRAPH_TOKEN"  # noqa: S105 - the variable's name
_ANSWERS = {401: "it does not take the token", 403: "it does not take the token", 404: "it offers no writing"}


@click.command("import")
@click.option("--from-server", "url", help=f"Ask this server; the token is read from {TOKEN}.")
@click.option(
    "--state", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Read a server's folder."
)
@click.option("--dry-run", is_flag=True, help="Change nothing; list the files that would change.")
@click.pass_obj
def import_command(find: RootFinder, url: str | None, state: Path | None, dry_run: bool) -> None:
    """Take what was written to a server into data/, all of it or nothing, and check the data.

    Exit code 0: no violation; 1: violations; 2: it could not be done, and no file has changed.
    """
    if (url is None) == (state is None):
        raise click.UsageError("Name the server with --from-server URL or its folder with --state DIR.")
    root = find()
    overlay = overlay_of(state) if state is not None else _fetch(url or "")
    planned = plan(root.data, overlay)
    _list(planned, root, dry_run)
    if dry_run or not planned.files:
        return
    planned.carry_out()
    dataset = build(root)
    _compare(dataset, overlay)
    _check(root, dataset)


def _fetch(url: str) -> Overlay:
    """What a server says was written to it; raises ImportFailed."""
    token = os.environ.get(TOKEN)
    if not token:
        raise ImportFailed(f"Set {TOKEN} to a token of the server.")
    address = f"{url.rstrip('/')}/graph-store/overlay"
    try:
        answer = httpx.get(
            address, headers={"Authorization": f"Bearer {token.rpartition(':')[2]}"}, timeout=60
        )
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise ImportFailed(f"{address} does not answer: {error}") from error
    if answer.status_code != httpx.codes.OK:
        reason = _ANSWERS.get(answer.status_code, f"it answers {answer.status_code}")
        raise ImportFailed(f"{address} does not tell what was written: {reason}.")
    try:
        return Overlay.from_json(answer.content)
    except StateBroken as error:
        raise ImportFailed(f"{address}: {error}") from error


def _list(planned: Plan, root: Root, dry_run: bool) -> None:
    for path, text in planned.files.items():
        what = "removed" if text is None else "changed" if path.exists() else "new"
        click.echo(f"{root.name(path)}: {f'would be {what}' if dry_run else what}")
    if planned.missed:
        click.echo(f"{planned.missed} statement(s) to remove are in no file: the files have changed since.")
    if not planned.files:
        click.echo("Nothing to import: the record files say it all already.")


def _compare(dataset: Dataset, overlay: Overlay) -> None:
    if dataset.version == overlay.version:
        click.echo(f"The data now is what the server serves: version {dataset.version[:12]}.")
    else:
        click.echo(
            f"The data now is version {dataset.version[:12]}, the server serves {str(overlay.version)[:12]}: "
            "data, ontology or code are not those that it was started with."
        )


def _check(root: Root, dataset: Dataset) -> None:
    findings = [*check_layout(root.data), *check(load(dataset.nquads), root.shapes)]
    violations = [f for f in findings if f.severity is Severity.VIOLATION]
    if violations:
        click.echo(to_text(violations, root.data, "en"))
        raise click.exceptions.Exit(1)
