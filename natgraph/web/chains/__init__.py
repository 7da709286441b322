"""Barrier chains over HTTP, below ``/api/v1``: a module a face, computed in processes of their own."""

from natgraph.web.chains.desk import Desk
from natgraph.web.chains.routes import router

__all__ = ["Desk", "router"]
