"""Pages for people, in Swedish and English, made from templates."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pyoxigraph import Literal
from starlette.responses import HTMLResponse

from natgraph.bindings import example_of, with_values
from natgraph.library import Canned
from natgraph.paths import package

MAX_ROWS = 1000
"""How many rows a page shows; the data formats give all of them."""

EXAMPLES = ("platforms", "who-can-remove-most", "laws-behind-a-barrier")
"""The canned queries the front page offers."""


def home_page(
    lang: str, figures: Mapping[str, str], version: str | None, queries: Sequence[Canned]
) -> HTMLResponse:
    """The front page: what this is, figures, example queries, a query form."""
    known = {query.name: query for query in queries}
    examples = [
        {"text": _in_language(known[name].text, lang), "title": known[name].title[lang]} for name in EXAMPLES
    ]
    return _render("home.html", lang, figures=figures, version=version, examples=examples)


def results_page(
    lang: str, query: str, table: Mapping[str, Any] | None, text: str | None, whole: bool
) -> HTMLResponse:
    """A query's answer as a table (SPARQL results JSON) or, for graphs, as text; perhaps only its start."""
    columns: Sequence[str] = table["head"].get("vars", []) if table else []
    rows = table["results"]["bindings"] if table and "results" in table else []
    return _render(
        "results.html",
        lang,
        query=query,
        columns=columns,
        rows=rows[:MAX_ROWS],
        total=len(rows),
        whole=whole,
        truth=table.get("boolean") if table else None,
        text=text,
    )


def _in_language(query: str, lang: str) -> str:
    """A canned query as it stands, with names in a language."""
    values = dict(example_of(query))
    return with_values(query, tuple({**values, "lang": Literal(lang)}.items()))


def _render(name: str, lang: str, **values: object) -> HTMLResponse:
    page = _templates(package() / "web" / "templates").get_template(name).render(lang=lang, **values)
    return HTMLResponse(page, headers={"Content-Language": lang, "Vary": "Accept, Accept-Language"})


def _templates(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
