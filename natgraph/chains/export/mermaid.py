"""A chain as a Mermaid flowchart; derived steps are dotted."""

from natgraph.chains.chain import Chain
from natgraph.chains.export.words import label, names, places
from natgraph.chains.things import Language


def to_mermaid(chain: Chain, lang: Language = "sv") -> str:
    """Barriers as boxes, causes above effects; roots have a class of their own."""
    place = places(chain)
    lines = ["flowchart TD"]
    lines += [f'  n{place[iri]}["{_escaped(name)}"]' for iri, name in names(chain, lang).items()]
    for step in chain.steps:
        arrow = "-->" if step.stated else "-.->"
        text = _escaped(label(step, lang))
        lines.append(f'  n{place[step.cause.iri]} {arrow}|"{text}"| n{place[step.effect.iri]}')
    roots = ",".join(f"n{place[node.thing.iri]}" for node in chain.nodes if node.root)
    if roots:
        lines += ["  classDef root stroke-width:3px", f"  class {roots} root"]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Every character that Mermaid or HTML could read as more than itself, as a character code."""
    plain = " ".join(text.split())
    return "".join(c if c.isalnum() or c in " -–,.()/:" else f"#{ord(c)};" for c in plain)
