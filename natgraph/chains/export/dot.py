"""A chain in the DOT language of Graphviz; derived steps are dashed, roots have a double frame."""

from natgraph.chains.chain import Chain
from natgraph.chains.export.words import label, names, places
from natgraph.chains.things import Language


def to_dot(chain: Chain, lang: Language = "sv") -> str:
    """Barriers as boxes, causes above effects."""
    place = places(chain)
    roots = {node.thing.iri for node in chain.nodes if node.root}
    lines = ["digraph {", "  rankdir=TB;", "  node [shape=box];"]
    for iri, name in names(chain, lang).items():
        frame = ", peripheries=2" if iri in roots else ""
        lines.append(f"  n{place[iri]} [label={_quoted(name)}, URL={_quoted(iri)}{frame}];")
    for step in chain.steps:
        style = "solid" if step.stated else "dashed"
        ends = f"n{place[step.cause.iri]} -> n{place[step.effect.iri]}"
        lines.append(f"  {ends} [label={_quoted(label(step, lang))}, style={style}];")
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    """A quoted string: backslashes and quotes are escaped, line ends become spaces."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(escaped.split())}"'
