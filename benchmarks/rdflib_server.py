"""rdflib-endpoint over a file of N-Quads: ``python benchmarks/rdflib_server.py FILE PORT``."""

import sys

import uvicorn
from inprocess import load
from oxrdflib import OxigraphStore
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

if __name__ == "__main__":
    graph = Dataset(store=OxigraphStore(store=load(sys.argv[1])))
    uvicorn.run(SparqlEndpoint(graph=graph), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
