"""A chain as JSON-LD 1.1: the same statements as in the graph, with the terms of our context."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from natgraph.chains.chain import Chain, Node
from natgraph.chains.things import Language, Step, Text
from natgraph.paths import find_root, package
from natgraph.terms import concept


def to_jsonld(chain: Chain, _lang: Language = "sv") -> str:
    """The barriers and links of a chain; the context stands in the document, so nothing has to be fetched."""
    graph = [*(_barrier(node) for node in chain.nodes), *(_link(step) for step in chain.steps)]
    document = {"@context": _context(graph), "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _context(graph: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of our context, the terms that are used, and the prefixes that these are written with."""
    path = find_root(start=package()).ontology / "context.jsonld"
    whole = json.loads(path.read_text(encoding="utf-8"))["@context"]
    used = {key for thing in graph for key in thing} | {thing["type"] for thing in graph}
    terms = {term: whole[term] for term in sorted(used)}
    iris = [value if isinstance(value, str) else value["@id"] for value in terms.values()]
    prefixes = {iri.partition(":")[0] for iri in iris if not iri.startswith("@")}
    return {"@version": 1.1, **{prefix: whole[prefix] for prefix in sorted(prefixes)}, **terms}


def _barrier(node: Node) -> dict[str, Any]:
    thing: dict[str, Any] = {
        "id": node.thing.iri,
        "type": "PolicyBarrier",
        "prefLabel": _text(node.thing.name),
    }
    if node.type:
        thing["barrierType"] = concept("barrier-type", node.type).value
    if node.levels:
        thing["arisesAtLevel"] = [concept("governance-level", level).value for level in node.levels]
    if node.status:
        thing["status"] = concept("barrier-status", node.status).value
    if node.sources:
        thing["source"] = [source.iri for source in node.sources]
    return thing


def _link(step: Step) -> dict[str, Any]:
    thing: dict[str, Any] = {
        "id": step.link,
        "type": "BarrierLink",
        "cause": step.cause.iri,
        "effect": step.effect.iri,
        "linkType": concept("link-type", step.kind).value,
        "confidence": concept("confidence", "stated" if step.stated else "derived").value,
        "polarity": concept("polarity", "refuted" if step.refuted else "hinders").value,
        "necessity": concept("necessity", step.necessity).value,
    }
    if step.group:
        thing["causeGroup"] = step.group
    if step.rationale:
        thing["rationale"] = _text(step.rationale)
    if step.sources:
        thing["source"] = [source.iri for source in step.sources]
    if step.against:
        thing["contradictedBy"] = [source.iri for source in step.against]
    return thing


def _text(text: Text) -> dict[str, str]:
    return {"sv": text.sv, "en": text.en}
