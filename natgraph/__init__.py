"""natgraph: linked open data on municipal innovation platforms and the policy barriers they meet."""

from importlib.metadata import version

__version__ = version("natgraph")
