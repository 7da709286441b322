"""What is missing: barriers that nobody answers for, that nothing was done about, or little known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from natgraph.chains.index import ChainIndex
from natgraph.chains.things import CAUSAL, KINDS, How, Text, Thing


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of gap and the barriers that have it."""

    slug: str
    name: Text
    barriers: Sequence[Thing]


@dataclass(frozen=True, slots=True)
class Gaps:
    """All gaps. A gap is something not known, which is not the same as something that is not there."""

    gaps: Sequence[Gap]
    barriers: int
    how: How


def gaps(index: ChainIndex) -> Gaps:
    """The gaps of the whole graph."""
    numbers = range(len(index.net.barriers))
    found = [
        Gap(slug, Text(sv, en), [index.barrier(n) for n in numbers if lacks(index, n)])
        for slug, (sv, en, lacks) in _GAPS.items()
    ]
    return Gaps(found, len(numbers), index.how(_SV, _EN))


def _nobody(index: ChainIndex, number: int) -> bool:
    return not index.facts.powers.get(index.net.barriers[number])


def _nobody_removes(index: ChainIndex, number: int) -> bool:
    powers = index.facts.powers.get(index.net.barriers[number], ())
    return not any(power.power == "can-remove" for power in powers)


def _no_measure(index: ChainIndex, number: int) -> bool:
    return not index.facts.measures.get(index.net.barriers[number])


def _only_derived(index: ChainIndex, number: int) -> bool:
    links = _causal(index, number)
    return bool(links) and not any(index.net.stated[link] for link in links)


def _unlinked(index: ChainIndex, number: int) -> bool:
    return not _causal(index, number)


def _causal(index: ChainIndex, number: int) -> list[int]:
    net = index.net
    return [
        link
        for link in (*net.into(number), *net.out_of(number))
        if KINDS[net.kind[link]] in CAUSAL and not net.refuted[link]
    ]


def _no_law(index: ChainIndex, number: int) -> bool:
    return not index.facts.related("groundedIn", index.net.barriers[number])


def _legal_without_law(index: ChainIndex, number: int) -> bool:
    return index.traits(number).type == "legal" and _no_law(index, number)


def _one_source(index: ChainIndex, number: int) -> bool:
    return len(index.sources(index.net.barriers[number])) == 1


def _not_met(index: ChainIndex, number: int) -> bool:
    return not index.facts.encounters.get(index.net.barriers[number])


_GAPS: dict[str, tuple[str, str, Callable[[ChainIndex, int], bool]]] = {
    "nobody-responsible": ("ingen känd ansvarig", "nobody known to be responsible", _nobody),
    "nobody-can-remove": (
        "ingen känd som kan undanröja det",
        "nobody known who can remove it",
        _nobody_removes,
    ),
    "no-measure": ("ingen känd åtgärd", "no measure known", _no_measure),
    "only-derived-links": ("bara härledda samband", "only derived links", _only_derived),
    "unlinked": ("inga orsakssamband", "no causal links", _unlinked),
    "no-law-named": ("ingen lag nämnd", "no law named", _no_law),
    "legal-without-law": ("rättsligt men ingen lag nämnd", "legal, but no law named", _legal_without_law),
    "one-source": ("bara en källa", "only one source", _one_source),
    "not-met": ("inget känt möte", "no encounter known", _not_met),
}
_SV = "Varje hinder prövas mot vad grafen säger om ansvar, åtgärder, samband, lag och källor."
_EN = "Every barrier is held against what the graph says of responsibility, measures, links, law and sources."
