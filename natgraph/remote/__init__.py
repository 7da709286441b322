"""Any SPARQL 1.1 endpoint as the store: asking it within limits, and filling it.

``engine`` asks, ``publish`` fills. Nothing is imported here, so that translators start quickly.
"""
