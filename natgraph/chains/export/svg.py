"""A chain as an SVG 1.1 drawing: causes above effects, derived steps dashed, roots with a thick frame.

It is made as a tree of elements, so all text is escaped; it holds no script and loads nothing.
"""

import textwrap
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from natgraph.chains.chain import Chain
from natgraph.chains.export.layout import Layout, Point, layout
from natgraph.chains.export.words import TITLE, fit, label, names, places, said
from natgraph.chains.things import Language, Step

CELL, BOX, MARGIN = (210, 120), (190, 64), 20
"""Sizes in pixels: of a cell of the layout, of a box, and of the margin."""
_LINE, _COLUMNS, _LINES = 15, 28, 3


def to_svg(chain: Chain, lang: Language = "sv") -> str:
    """The drawing in one language.

    A box links to its barrier, and a pointer resting on it reads its whole name.
    """
    place, name = places(chain), names(chain, lang)
    edges = [(place[s.cause.iri], place[s.effect.iri]) for s in chain.steps]
    plan = layout(len(place), edges)
    root = _canvas(plan, said(TITLE, lang), lang)
    for step, edge in zip(chain.steps, edges, strict=True):
        _line(root, step, list(_course(plan, *edge)), lang)
    thick = {node.thing.iri for node in chain.nodes if node.root}
    for iri, number in place.items():
        _box(root, iri, name[iri], plan.points[number], thick=iri in thick)
    return ET.tostring(root, encoding="unicode")


def _canvas(plan: Layout, title: str, lang: Language) -> ET.Element:
    wide = plan.width * CELL[0] + BOX[0] + 2 * MARGIN
    high = plan.height * CELL[1] + BOX[1] + 2 * MARGIN
    root = ET.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "width": _n(wide), "height": _n(high),
        "viewBox": f"0 0 {_n(wide)} {_n(high)}", "role": "img", "lang": lang,
        "font-family": "sans-serif", "font-size": "12",
    })  # fmt: skip
    ET.SubElement(root, "title").text = title
    marker = ET.SubElement(ET.SubElement(root, "defs"), "marker", {
        "id": "arrow", "viewBox": "0 0 8 8", "refX": "8", "refY": "4", "markerWidth": "8",
        "markerHeight": "8", "orient": "auto",
    })  # fmt: skip
    ET.SubElement(marker, "path", {"d": "M0 0 L8 4 L0 8 z", "fill": "#333"})
    return root


def _course(plan: Layout, cause: int, effect: int) -> Iterator[Point]:
    """The points of a line: from the edge of one box, over the bends, to the edge of the other."""
    start, end = _middle(plan.points[cause]), _middle(plan.points[effect])
    bends = [_middle(point) for point in plan.bends.get((cause, effect), ())]
    down = (bends[0] if bends else end)[1] >= start[1]
    half = BOX[1] / 2 if down else -BOX[1] / 2
    yield start[0], start[1] + half
    yield from bends
    yield end[0], end[1] - half


def _middle(point: Point) -> Point:
    return MARGIN + BOX[0] / 2 + point[0] * CELL[0], MARGIN + BOX[1] / 2 + point[1] * CELL[1]


def _line(root: ET.Element, step: Step, course: Sequence[Point], lang: Language) -> None:
    path = "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in course)
    looks = {"d": path, "fill": "none", "stroke": "#333", "stroke-width": "1.5", "marker-end": "url(#arrow)"}
    if not step.stated:
        looks["stroke-dasharray"] = "6 4"
    line = ET.SubElement(root, "path", looks)
    cause, effect = said(step.cause.name, lang), said(step.effect.name, lang)
    ET.SubElement(line, "title").text = fit(f"{cause} – {label(step, lang)} – {effect}")


def _box(root: ET.Element, iri: str, name: str, point: Point, *, thick: bool) -> None:
    x, y = _middle(point)
    link = ET.SubElement(root, "a", {"href": fit(iri)})
    ET.SubElement(link, "title").text = fit(name)
    ET.SubElement(link, "rect", {
        "x": _n(x - BOX[0] / 2), "y": _n(y - BOX[1] / 2), "width": _n(BOX[0]), "height": _n(BOX[1]),
        "rx": "4", "fill": "#fff", "stroke": "#333", "stroke-width": "3" if thick else "1",
    })  # fmt: skip
    lines = textwrap.wrap(fit(name), _COLUMNS, max_lines=_LINES, placeholder=" …")
    text = ET.SubElement(link, "text", {"text-anchor": "middle", "fill": "#111"})
    top = y - (len(lines) - 1) * _LINE / 2 + _LINE / 3
    for number, words in enumerate(lines):
        ET.SubElement(text, "tspan", {"x": _n(x), "y": _n(top + number * _LINE)}).text = words


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
