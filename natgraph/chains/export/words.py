"""The few words that a drawing of a chain needs, in both languages."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from natgraph.chains.chain import Chain
from natgraph.chains.things import Kind, Language, Step, Text

KIND_WORDS: Final[Mapping[Kind, Text]] = MappingProxyType(
    {
        "causes": Text("orsakar", "causes"),
        "reinforces": Text("förstärker", "reinforces"),
        "part-of": Text("är en del av", "is part of"),
    }
)
DERIVED: Final = Text("vår slutsats", "our conclusion")
TITLE: Final = Text("Hinderkedja", "Barrier chain")


_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def fit(text: str) -> str:
    """A text as XML can hold it."""
    return _UNFIT.sub("\ufffd", text)


def said(text: Text, lang: Language) -> str:
    """A text in one language."""
    return text.sv if lang == "sv" else text.en


def label(step: Step, lang: Language) -> str:
    """What a step is called in a drawing; derived ones say so."""
    verb = said(KIND_WORDS[step.kind], lang)
    return verb if step.stated else f"{verb} ({said(DERIVED, lang)})"


def places(chain: Chain) -> dict[str, int]:
    """A number for each barrier of a chain, by IRI: also those that only a step mentions."""
    iris = [node.thing.iri for node in chain.nodes]
    iris += [thing.iri for step in chain.steps for thing in (step.cause, step.effect)]
    return {iri: n for n, iri in enumerate(dict.fromkeys(iris))}


def names(chain: Chain, lang: Language) -> dict[str, str]:
    """The name of each barrier of a chain, by IRI."""
    things = [node.thing for node in chain.nodes]
    things += [thing for step in chain.steps for thing in (step.cause, step.effect)]
    return {thing.iri: said(thing.name, lang) for thing in things}
