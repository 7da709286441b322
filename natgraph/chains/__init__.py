"""Barrier chains: which barrier lies behind which, how we know, and who can act."""

from natgraph.chains.network import Claim, Network, read_network
from natgraph.chains.tree import Branch, Direction, grow

__all__ = ["Branch", "Claim", "Direction", "Network", "grow", "read_network"]
