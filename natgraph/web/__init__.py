"""The server: SPARQL, pages and health over HTTP."""
