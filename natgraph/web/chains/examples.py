"""Examples for ``/openapi.json``: answers of the library itself, over a graph too small to be mistaken."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from typing import Any

from natgraph.chains import (
    ChainIndex,
    Comparison,
    Facts,
    Gaps,
    Link,
    RootCauses,
    SmallestChange,
    Stalled,
    Text,
    Timeline,
    Trace,
    Tried,
    WhatIf,
    WhoCanAct,
    compare,
    gaps,
    index_of,
    root_causes,
    smallest_change,
    stalled,
    timeline,
    trace,
    what_if,
    who_can_act,
)
from natgraph.chains.facts import Met, Power, Traits
from natgraph.terms import BASE
from natgraph.web.chains.work import Question, tell


def _id(path: str) -> str:
    return f"{BASE}id/{path}"


_RULE, _HINDER = _id("barrier/example-rule"), _id("barrier/example-barrier")
_PLACES = _id("place/example-town"), _id("place/example-city")
_TOWNS = _id("organisation/example-town"), _id("organisation/example-city")
_SOURCE, _MEASURE = _id("source/example"), _id("measure/example")
_LINK = _id("barrier-link/example-rule--example-barrier")
_CLAIM, _EFFECT = f"{_RULE}--claim", _id("measure-effect/example--example-barrier")
_TODAY = date(2026, 1, 1)

_FINDERS: Mapping[type[Any], Callable[[ChainIndex], Any]] = {
    Trace: partial(trace, barrier=_HINDER),
    WhoCanAct: partial(who_can_act, scope=_HINDER),
    WhatIf: partial(what_if, remove=[_RULE]),
    SmallestChange: partial(smallest_change, goal=_HINDER),
    RootCauses: root_causes,
    Comparison: partial(compare, references=_PLACES),
    Gaps: gaps,
    Timeline: partial(timeline, barrier=_HINDER),
    Stalled: partial(stalled, years=2, today=_TODAY),
}


def example(result: type[Any], form: str = "json") -> Any:
    """An example of an answer with that result: an object, or text for another format."""
    links = {"self": {"href": "https://example.org/api/v1/…"}}
    told = tell(_index(), Question(_FINDERS[result], "en", form, links, evidence=result is Gaps))
    return json.loads(told.body) if form == "json" else told.body.decode()


@cache
def _index() -> ChainIndex:
    """Two barriers, one behind the other; two towns that met one; one measure in one of them."""
    link = Link(_LINK, _RULE, _HINDER, "causes", stated=True)
    kind = _id("concept/organisation-type/municipality")
    facts = Facts(
        names={
            _RULE: Text("Exempelregel", "Example rule"),
            _HINDER: Text("Exempelhinder", "Example barrier"),
            _MEASURE: Text("Exempelåtgärd", "Example measure"),
            **{iri: Text("Exempelort", "Example town") for iri in (*_PLACES, *_TOWNS)},
        },
        traits={
            _RULE: Traits("legal", ("national",), (), "open"),
            _HINDER: Traits("organisational", ("local",), ("local",), "open"),
        },
        relations={
            "municipality": {town: (place,) for town, place in zip(_TOWNS, _PLACES, strict=True)},
            "classification": dict.fromkeys(_TOWNS, (kind,)),
            "takenBy": {_MEASURE: (_TOWNS[0],)},
        },
        sources=dict.fromkeys((_RULE, _HINDER, _LINK, _CLAIM, _EFFECT), (_SOURCE,)),
        addresses={_SOURCE: "https://example.org/source"},
        powers={_RULE: (Power(_CLAIM, _RULE, _TOWNS[0], "can-remove", stated=True),)},
        encounters={_HINDER: tuple(Met(f"{town}--claim", _HINDER, town, stated=True) for town in _TOWNS)},
        measures={
            _HINDER: (Tried(_EFFECT, _HINDER, _MEASURE, "mitigates", "completed", "2020-01-01", "2020"),)
        },
    )
    return index_of([link], [_RULE, _HINDER], facts, "0" * 64)
