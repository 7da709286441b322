"""Answering queries of strangers: in processes that can be killed, within limits, a few at a time."""

from natgraph.engine.answer import Answer
from natgraph.engine.backend import Backend, State
from natgraph.engine.lanes import Engine
from natgraph.engine.limits import Limits
from natgraph.engine.request import Request
from natgraph.engine.run import Cut, NotAcceptable

__all__ = ["Answer", "Backend", "Cut", "Engine", "Limits", "NotAcceptable", "Request", "State"]
