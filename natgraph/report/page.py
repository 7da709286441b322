"""The pages of the findings: Markdown, one a language."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pyoxigraph import Store

from natgraph.chains import Thing, read_index, select_from
from natgraph.chains.things import local, type_of
from natgraph.paths import package
from natgraph.report.findings import WAITING, find

PAGES: Mapping[str, str] = MappingProxyType({"en": "findings.md", "sv": "findings.sv.md"})
"""The file of each language's page, in ``docs/``."""


def pages(store: Store, version: str) -> dict[str, str]:
    """The text of each page, by file name, from the graph of a store and its data version."""
    index = read_index(select_from(store), version)
    return {
        file: _environment(lang).get_template(file).render(f=find(store, index, lang), waiting=WAITING)
        for lang, file in PAGES.items()
    }


def _environment(lang: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(package() / "report" / "templates"),
        autoescape=False,  # noqa: S701 - it is Markdown, and what could break it is escaped by the filters
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        name=partial(_linked, lang=lang),
        record=_record,
        plain=_plain,
        of=partial(_of, lang=lang),
        site=_site,
        slug=local,
    )
    return made


_SAFE = ":/?#[]@!$&'*+,;=%~"
"""What stays as it is in an address; brackets and spaces would end a link."""


def _linked(thing: Thing, lang: str) -> str:
    """The name of a thing, linked to the file that holds what is said of it and by which source."""
    return _record(thing.iri, str(getattr(thing.name, lang)))


def _record(iri: str, name: str) -> str:
    kind = type_of(iri)
    return f"[{_plain(name)}](../data/{kind}/{local(iri)}.trig)"


def _plain(text: str) -> str:
    """A text that Markdown reads as text, also in a table."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, f"\\{mark}")
    return text


def _of(number: int, total: int, lang: str) -> str:
    """A number with its total and share, such as "21 of 235 (9%)"."""
    share = round(100 * number / total) if total else 0
    told = "<1" if number and not share else str(share)
    return f"{number} av {total} ({told} %)" if lang == "sv" else f"{number} of {total} ({told}%)"


def _site(address: str) -> str:
    """A source's address as a link named by its host; a title as it stands."""
    host = urlsplit(address).hostname
    if not host:
        return _plain(address)
    return f"[{_plain(host.removeprefix('www.'))}]({quote(address, safe=_SAFE)})"
