"""What the data says: ``docs/findings.md`` and ``docs/findings.sv.md``, made from the graph and a frame.

The frame is ``templates/``; every figure in it comes from a canned query or from the chain library, and the
page says from which.
"""

from natgraph.report.findings import Findings, find
from natgraph.report.page import PAGES, pages

__all__ = ["PAGES", "Findings", "find", "pages"]
