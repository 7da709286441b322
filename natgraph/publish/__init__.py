"""Editions: what is served from one publish to the next, made from files and from what was written."""

from natgraph.publish.apart import make_apart
from natgraph.publish.edition import Edition, Source, make

__all__ = ["Edition", "Source", "make", "make_apart"]
