"""A small HTTP client that times an answer: to its first byte and to its last."""

import http.client
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

ROWS = "application/sparql-results+json"
GRAPH = "application/n-triples"
OK = HTTPStatus.OK
HOST = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"
Test = Callable[[subprocess.Popen[bytes]], bool]


@dataclass(frozen=True)
class Query:
    """A query of the suite: its name, its text, the format it is asked for in."""

    name: str
    text: str
    accept: str


@dataclass(frozen=True)
class Address:
    """Where a server's SPARQL endpoint is."""

    port: int
    path: str


@dataclass(frozen=True)
class Reply:
    """An answer and the seconds that its first byte and all of it took."""

    status: int
    first: float
    seconds: float
    body: bytes
    media_type: str


class Client:
    """One connection that is kept open."""

    def __init__(self, address: Address, timeout: float = 60.0, source: str = HOST) -> None:
        self._address = address
        self._connection = http.client.HTTPConnection(
            HOST, address.port, timeout=timeout, source_address=(source, 0)
        )

    def ask(self, query: str, accept: str) -> Reply:
        """Send a query as a form and read the whole answer; raises OSError when that fails."""
        try:
            return self._ask(query, accept)
        except ConnectionError:  # the server has closed a connection that was idle for long
            return self._ask(query, accept)

    def _ask(self, query: str, accept: str) -> Reply:
        body = urlencode({"query": query})
        headers = {"Content-Type": FORM, "Accept": accept, "Accept-Encoding": "identity"}
        begun = time.perf_counter()
        try:
            self._connection.request("POST", self._address.path, body, headers)
            response = self._connection.getresponse()
            start = response.read(1)
            first = time.perf_counter() - begun
            rest = response.read()
        except http.client.HTTPException as error:
            self.close()
            raise ConnectionError(f"broken answer: {error}") from error
        except OSError:
            self.close()
            raise
        total = time.perf_counter() - begun
        return Reply(response.status, first, total, start + rest, response.headers.get_content_type())

    def close(self) -> None:
        """Close the connection; the next query opens it anew."""
        self._connection.close()


def suite(folder: Path) -> list[Query]:
    """The queries of a folder by name."""
    return [_query(path) for path in sorted(folder.glob("*.rq"))]


def _query(path: Path) -> Query:
    text = path.read_text(encoding="utf-8")
    words = {line.split()[0] for line in text.splitlines() if line.strip()}
    return Query(path.stem, text, GRAPH if words & {"CONSTRUCT", "DESCRIBE"} else ROWS)


_numbers = iter(range(10**9))


def fresh(query: str) -> str:
    """The same query as a text that was never sent before: no cache can know it."""
    return f"{query}# {time.time_ns()}-{next(_numbers)}\n"
