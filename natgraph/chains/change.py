"""What someone asks to take away: barriers, links, acts and provisions, by IRI or slug."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from natgraph.chains.index import ChainIndex
from natgraph.chains.standing import Removed
from natgraph.chains.things import Thing, local, type_of
from natgraph.errors import NotFound
from natgraph.terms import record

_TYPES = ("barrier", "legal-provision", "legal-act", "barrier-link")


@dataclass(frozen=True, slots=True)
class Change:
    """What is taken away, as things and as what it means for the chains."""

    things: tuple[Thing, ...]
    removed: Removed


def change_of(index: ChainIndex, remove: Iterable[str]) -> Change:
    """The change of taking all of these away; raises NotFound with near matches.

    An act goes with all its provisions, and a chapter with its sections. A section that goes touches its
    chapter and its act.
    """
    things, barriers, links = [], set[int](), set[int]()
    laws, touched = set[str](), set[str]()
    for reference in dict.fromkeys(remove):
        iri = _found(index, reference)
        things.append(index.thing(iri))
        if (barrier := index.net.barriers.place(iri)) is not None:
            barriers.add(barrier)
        elif (link := index.net.links.place(iri)) is not None:
            links.add(link)
        else:
            laws |= {iri, *_below(index, iri)}
            touched |= set(_above(index, iri))
    removed = Removed(frozenset(barriers), frozenset(links), frozenset(laws), frozenset(touched - laws))
    return Change(tuple(dict.fromkeys(things)), removed)


def _found(index: ChainIndex, reference: str) -> str:
    net = index.net
    for iri in [reference] if "/" in reference else [_iri(kind, reference) for kind in _TYPES]:
        is_law = type_of(iri) in ("legal-act", "legal-provision") and iri in index.facts.names
        if is_law or net.barriers.place(iri) is not None or net.links.place(iri) is not None:
            return iri
    laws = [local(iri) for iri in index.facts.names if type_of(iri).startswith("legal-")]
    known = [*map(local, net.barriers), *laws, *map(local, net.links)]
    raise NotFound(reference, get_close_matches(local(reference), known, cutoff=0.5))


def _iri(kind: str, slug: str) -> str:
    try:
        return record(kind, slug).value
    except ValueError:
        return slug


def _below(index: ChainIndex, law: str) -> list[str]:
    """The provisions of an act, or the sections of a chapter."""
    within = index.facts.inverse("is_part_of", law)
    if type_of(law) == "legal-act":
        return within
    return [other for act in _acts(index, law) for other in _provisions(index, act) if _holds(law, other)]


def _above(index: ChainIndex, law: str) -> list[str]:
    """The act of a provision, and the chapter of a section."""
    acts = _acts(index, law)
    return [*acts, *(other for act in acts for other in _provisions(index, act) if _holds(other, law))]


def _acts(index: ChainIndex, law: str) -> list[str]:
    return list(index.facts.related("is_part_of", law))


def _provisions(index: ChainIndex, act: str) -> list[str]:
    return index.facts.inverse("is_part_of", act)


def _holds(chapter: str, section: str) -> bool:
    """Whether one is the chapter of the other, which their IRIs tell ({act}--8-kap, {act}--8-kap-4-a)."""
    return chapter.endswith("-kap") and section.startswith(f"{chapter}-")
