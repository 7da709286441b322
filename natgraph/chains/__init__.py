"""Barrier chains: which barrier lies behind which, how we know, who can act, and what would open.

``read_index`` reads a graph once a data version; everything else is a pure function of the index. What the
answers mean is told in ``docs/chains.md``.
"""

from natgraph.chains.act import WhoCanAct, who_can_act
from natgraph.chains.chain import Chain, Node
from natgraph.chains.compare import Comparison, compare
from natgraph.chains.export import FORMATS, export
from natgraph.chains.facts import Facts, Tried
from natgraph.chains.gaps import Gaps, gaps
from natgraph.chains.history import Stalled, Timeline, stalled, timeline
from natgraph.chains.index import ChainIndex, index_of
from natgraph.chains.net import Link
from natgraph.chains.plain import plain
from natgraph.chains.reading import Select, read_index, select_from
from natgraph.chains.roots import RootCauses, root_causes
from natgraph.chains.smallest import SmallestChange, smallest_change
from natgraph.chains.things import Direction, Language, Step, Text, Thing
from natgraph.chains.trace import Trace, trace
from natgraph.chains.tree import Branch, grow
from natgraph.chains.walk import Way
from natgraph.chains.what_if import WhatIf, what_if

__all__ = [
    "FORMATS",
    "Branch",
    "Chain",
    "ChainIndex",
    "Comparison",
    "Direction",
    "Facts",
    "Gaps",
    "Language",
    "Link",
    "Node",
    "RootCauses",
    "Select",
    "SmallestChange",
    "Stalled",
    "Step",
    "Text",
    "Thing",
    "Timeline",
    "Trace",
    "Tried",
    "Way",
    "WhatIf",
    "WhoCanAct",
    "compare",
    "export",
    "gaps",
    "grow",
    "index_of",
    "plain",
    "read_index",
    "root_causes",
    "select_from",
    "smallest_change",
    "stalled",
    "timeline",
    "trace",
    "what_if",
    "who_can_act",
]
