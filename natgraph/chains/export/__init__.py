"""Chains in the formats of others; a new one is a module here and a line below."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from natgraph.chains.chain import Chain
from natgraph.chains.export.dot import to_dot
from natgraph.chains.export.edges import to_csv
from natgraph.chains.export.graphml import to_graphml
from natgraph.chains.export.jsonld import to_jsonld
from natgraph.chains.export.mermaid import to_mermaid
from natgraph.chains.export.svg import to_svg
from natgraph.chains.plain import plain
from natgraph.chains.things import Language
from natgraph.errors import NotFound


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type and what writes it, in one language where it shows one."""

    media_type: str
    write: Callable[[Chain, Language], str]


def to_json(chain: Chain, _lang: Language = "sv") -> str:
    """The chain as this library's own JSON."""
    return json.dumps(plain(chain), ensure_ascii=False, indent=1)


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "json": Format("application/json", to_json),
        "jsonld": Format("application/ld+json", to_jsonld),
        "csv": Format("text/csv; charset=utf-8", to_csv),
        "graphml": Format("application/graphml+xml", to_graphml),
        "dot": Format("text/vnd.graphviz", to_dot),
        "mermaid": Format("text/vnd.mermaid", to_mermaid),
        "svg": Format("image/svg+xml", to_svg),
    }
)


def export(chain: Chain, form: str, lang: Language = "sv") -> str:
    """A chain as text in one of ``FORMATS``; raises NotFound for another."""
    if form not in FORMATS:
        raise NotFound(f"The format {form}", sorted(FORMATS))
    return FORMATS[form].write(chain, lang)
