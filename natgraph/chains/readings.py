"""What a verdict means, in words: why, under which reading of what is not known, and what is assumed."""

from collections.abc import Mapping, Sequence
from typing import Literal

from natgraph.chains.standing import Ground, Removed, Standing
from natgraph.chains.things import Text, Thing

State = Literal["gone", "may-go", "stays"]
Class = Literal["opens", "may-open", "unaffected"]
By = Mapping[State, Sequence[Thing]]
"""What a barrier rests on, by what becomes of it."""


def reading(verdict: Class, by: By, grounds: Sequence[Ground]) -> Text:
    """Why a barrier opens or stands, or under which reading it would open."""
    if verdict == "opens":
        return _said(_NECESSARY if by["stays"] else _OPENS, by)
    if verdict == "unaffected":
        return _said(_STANDS if by["gone"] or by["may-go"] else _UNTOUCHED, by)
    if not by["stays"] and not any(ground.gives for ground in grounds):
        return _said(_ONLY_REINFORCED, by)
    if not by["gone"]:
        return _said(_UNCERTAIN, by)
    return _said(_MAY_BOTH if by["may-go"] else _MAY, by)


def assumptions(standing: Standing, removed: Removed) -> list[Text]:
    """What an answer takes for given."""
    said = [Text(*pair) for pair in _ASSUMED]
    said += [Text(*pair) for asked, pair in ((removed.laws, _LAW), (removed.touched, _TOUCHED)) if asked]
    if standing.stated_only:
        said.append(Text(*_STATED))
    if standing.gone:
        gone = [standing.index.barrier(number) for number in sorted(standing.gone)]
        said.append(_said(_GONE, {"gone": gone, "may-go": [], "stays": []}))
    return said


def _said(texts: tuple[str, str], by: By) -> Text:
    sv = {
        state.replace("-", "_"): "; ".join(t.name.sv for t in things) or "–" for state, things in by.items()
    }
    en = {
        state.replace("-", "_"): "; ".join(t.name.en for t in things) or "–" for state, things in by.items()
    }
    return Text(texts[0].format(**sv), texts[1].format(**en))


_OPENS = (
    "Inget av det som orsakar hindret är kvar, hur nödvändiga orsakerna än är.",
    "Nothing that causes it is left, however necessary the causes are.",
)
_NECESSARY = (
    "En nödvändig orsak är borta: {gone}.",
    "A necessary cause is gone: {gone}.",
)
_MAY = (
    "Öppnas om något av det som är borta är nödvändigt: {gone}. Kvar står: {stays}.",
    "Opens if something that is gone is necessary: {gone}. What remains: {stays}.",
)
_MAY_BOTH = (
    "Öppnas om det borta är nödvändigt: {gone}, eller om även det osäkra går: {may_go}. Kvar står: {stays}.",
    "Opens if what is gone is necessary: {gone}, or if the uncertain goes: {may_go}. What remains: {stays}.",
)
_UNCERTAIN = (
    "Kan öppnas bara om det osäkra försvinner: {may_go}. Kvar står: {stays}.",
    "Can open only if the uncertain goes: {may_go}. What remains: {stays}.",
)
_ONLY_REINFORCED = (
    "Det som förstärker är eller kan vara borta ({gone}; {may_go}), men vad som ger upphov är inte känt.",
    "What reinforces it is or may be gone ({gone}; {may_go}), but what gives rise to it is not known.",
)
_STANDS = (
    "Något är eller kan vara borta ({gone}; {may_go}), men bidrog bara, eller resten räcker: {stays}.",
    "Something is or may be gone ({gone}; {may_go}), but only contributed, or the rest is enough: {stays}.",
)
_UNTOUCHED = (
    "Det som hindret vilar på står kvar: {stays}.",
    "What the barrier rests on remains: {stays}.",
)
_GONE = (
    "Redan undanröjda hinder håller inget uppe: {gone}.",
    "Barriers already removed hold nothing up: {gone}.",
)
_ASSUMED = (
    (
        "Grafen antas ha alla orsaker. Den har inte det: bara en del källor är lästa.",
        "The graph is taken to hold all causes. It does not: only some sources have been read.",
    ),
    (
        "Där nödvändigheten inte är känd prövas alla möjligheter.",
        "Where necessity is not known, every possibility is considered.",
    ),
    (
        "En slinga kan hålla sig själv uppe, så den öppnas säkert bara om den bryts.",
        "A loop may keep itself up, so it opens surely only if it is cut.",
    ),
    (
        "Det som bara förstärker ett hinder ger inte upphov till det.",
        "What only reinforces a barrier does not give rise to it.",
    ),
)
_LAW = (
    "Att en regel tas bort antas ta bort hindret om det vilar på den och på inget annat.",
    "That a rule goes is taken to remove a barrier that rests on it and on nothing else.",
)
_TOUCHED = (
    "Hinder som vilar på hela lagen eller kapitlet kan vila på just den borttagna delen.",
    "Barriers that rest on the whole act or chapter may rest on the very part that goes.",
)
_STATED = (
    "Härledda samband antas inte finnas.",
    "Derived links are taken for not there.",
)
