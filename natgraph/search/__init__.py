"""Finding things by their labels: an index of its own, made with the snapshot, small and quick."""

from natgraph.search.build import build_index
from natgraph.search.find import Found, Hit, Index, Match
from natgraph.search.labels import Label, Row, Typed, read_rows
from natgraph.search.making import Making

__all__ = ["Found", "Hit", "Index", "Label", "Making", "Match", "Row", "Typed", "build_index", "read_rows"]
