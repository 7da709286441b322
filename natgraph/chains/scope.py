"""From what someone asks about to barriers."""

from natgraph.chains.circle import TYPES, circle
from natgraph.chains.encounters import met_by
from natgraph.chains.index import ChainIndex
from natgraph.chains.things import Thing, local, type_of
from natgraph.errors import NotFound
from natgraph.terms import concept


def barriers_of(index: ChainIndex, scope: str) -> tuple[Thing, list[int]]:
    """The barriers of a scope.

    It is one barrier, a theme (and narrower ones), or a platform, municipality or organisation with what it
    met. Raises NotFound with near matches.
    """
    try:
        who = circle(index, scope)
        return who.thing, met_by(index, who.parties)
    except NotFound as nobody:
        near = nobody.near
    theme = _theme(index, scope)
    if theme is not None:
        return index.thing(theme), _about(index, theme)
    try:
        number = index.number(scope)
    except NotFound as none:
        raise NotFound(
            f"{local(scope)} ({', '.join((*TYPES, 'theme', 'barrier'))})", [*near, *none.near]
        ) from none
    return index.barrier(number), [number]


def _theme(index: ChainIndex, reference: str) -> str | None:
    try:
        iri = reference if "/" in reference else concept("theme", reference).value
    except ValueError:
        return None
    return iri if type_of(iri) == "concept/theme" and iri in index.facts.names else None


def _about(index: ChainIndex, theme: str) -> list[int]:
    themes, waiting = {theme}, [theme]
    while waiting:
        narrower = [t for t in index.facts.inverse("broader", waiting.pop()) if t not in themes]
        themes.update(narrower)
        waiting += narrower
    found = (
        index.net.barriers.place(t)
        for t, on in index.facts.relations.get("theme", {}).items()
        if themes & set(on)
    )
    return sorted(number for number in found if number is not None)
