"""Any SPARQL 1.1 endpoint as the store: asking it within limits, and filling it."""

from natgraph.remote.endpoint import Credentials, Endpoint
from natgraph.remote.engine import RemoteEngine

__all__ = ["Credentials", "Endpoint", "RemoteEngine"]
