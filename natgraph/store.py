"""A snapshot that can be asked: the named graphs, and their merge as the default graph."""

from pyoxigraph import RdfFormat, Store


def load(nquads: bytes) -> Store:
    """A store in memory with the named graphs of canonical N-Quads and, as default graph, their merge.

    The merge holds each triple once however many sources state it, so that counts are right
    (the engine's own union of graphs counts a triple once a graph).
    """
    store = Store()
    store.bulk_load(nquads, RdfFormat.N_QUADS)
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store
