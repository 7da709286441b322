"""A chain as GraphML (http://graphml.graphdrawing.org/), as Gephi, yEd and NetworkX read it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import rustworkx as rx

from natgraph.chains.chain import Chain
from natgraph.chains.export.words import fit, label, names, places
from natgraph.chains.things import Language, Step


def to_graphml(chain: Chain, lang: Language = "sv") -> str:
    """Barriers and steps with their IRIs and attributes; labels in one language."""
    graph: rx.PyDiGraph[dict[str, str], dict[str, str]] = rx.PyDiGraph()
    place, name, node_of = places(chain), names(chain, lang), {node.thing.iri: node for node in chain.nodes}
    for iri in place:
        node = node_of.get(iri)
        levels = " ".join(node.levels) if node else ""
        graph.add_node({
            "iri": iri, "label": fit(name[iri]), "type": node.type if node else "", "level": levels,
            "status": node.status if node else "", "root": str(bool(node and node.root)).lower(),
        })  # fmt: skip
    for step in chain.steps:
        graph.add_edge(place[step.cause.iri], place[step.effect.iri], _attributes(step, lang))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "chain.graphml"
        rx.digraph_write_graphml(graph, str(path))
        return path.read_text(encoding="utf-8")


def _attributes(step: Step, lang: Language) -> dict[str, str]:
    return {
        "iri": step.link,
        "label": fit(label(step, lang)),
        "type": step.kind,
        "confidence": "stated" if step.stated else "derived",
        "necessity": step.necessity,
        "sources": " ".join(source.iri for source in step.sources),
    }
