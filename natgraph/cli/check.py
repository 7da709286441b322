"""``natgraph check``: shapes, invariants, rules and file layout over the graph, findings by record."""

from pathlib import Path

import click

from natgraph.build import build
from natgraph.chains import Language
from natgraph.check import (
    Engine,
    Finding,
    Severity,
    check,
    check_layout,
    engine_for,
    to_json,
    to_text,
    to_turtle,
)
from natgraph.paths import RootFinder
from natgraph.read import read_records
from natgraph.store import load

_LEVELS = {"violation": Severity.VIOLATION, "warning": Severity.WARNING, "info": Severity.INFO}
_REPORTS = {"text": to_text, "json": to_json, "turtle": to_turtle}


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(list(_REPORTS)), default="text", show_default=True)
@click.option(
    "--severity", type=click.Choice(list(_LEVELS)), default="info", show_default=True, help="And above."
)
@click.option("--lang", type=click.Choice(["sv", "en"]), default="en", show_default=True)
@click.option(
    "--engine",
    type=click.Choice(["pyshacl", "shifty"]),
    help="What applies the shapes. [default: pyshacl; shifty for large graphs]",
)
@click.pass_obj
def check_command(
    find: RootFinder,
    *,
    paths: tuple[Path, ...],
    form: str,
    severity: str,
    lang: Language,
    engine: Engine | None,
) -> None:
    """Check the data. With PATHS, tell only what concerns the records of those files.

    The checks always see the whole graph. Exit code 0: no violation; 1: violations; 2: a file cannot be read.
    """
    root = find()
    store = load(build(root).nquads)
    applied = engine or engine_for(store)
    findings = [*check_layout(root.data), *check(store, root.shapes, applied)]
    if paths:
        findings = _about(findings, paths)
    shown = [f for f in findings if f.severity >= _LEVELS[severity]]
    click.echo(_REPORTS[form](shown, root.data, lang) + (f" ({applied})" if form == "text" else ""))
    if any(f.severity is Severity.VIOLATION for f in findings):
        raise click.exceptions.Exit(1)


def _about(findings: list[Finding], paths: tuple[Path, ...]) -> list[Finding]:
    files = [f for p in paths for f in (sorted(p.rglob("*.trig")) if p.is_dir() else [p])]
    subjects = {str(q.subject).strip("<>") for q in read_records(files)}
    return [f for f in findings if f.focus in subjects]
