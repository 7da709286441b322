"""A server on a raw socket that answers as badly as a test wants, and tells what was asked of it."""

import socket
import time
from contextlib import closing, suppress
from threading import Event, Thread

TABLE = "application/sparql-results+json"
START = b'{"head":{"vars":["x"]},"results":{"bindings":['
ROW = b'{"x":{"type":"literal","value":"0123456789"}}'
YES = b'{"head":{},"boolean":true}'
NOTHING = START + b"]}}"


class Upstream:
    """Answers every query with ``script(connection)``, but has no data version when asked for one.

    ``requests`` are what came besides; ``left`` is set when a client goes away in the middle of an answer.
    """

    def __init__(self, script, tls=None):
        self.script = script
        self.requests = []
        self.left = Event()
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._listening.getsockname()[1]}/sparql"

    def __enter__(self):
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with suppress(OSError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with closing(connection):
                while request := _request(connection):
                    self._answer(connection, request)

    def _answer(self, connection, request):
        if b"natgraph-version" in request:
            answer(NOTHING)(connection)
            return
        self.requests.append(request)
        try:
            self.script(connection)
        except OSError:
            self.left.set()
            raise


def _request(connection):
    """Head and body of the next request; empty when the client has left."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(65536)
        if not part:
            return b""
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    size = next(
        (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0
    )
    while len(body) < size:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(body, media_type=TABLE, status="200 OK", **headers):
    """A script: a whole answer of a length that is told."""
    more = {"Content-Type": media_type, "Content-Length": str(len(body)), **headers}

    def script(connection):
        connection.sendall(head(status, **more) + body)

    return script


def head(status="200 OK", **headers):
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def chunked(parts, media_type=TABLE, pause=0.0, end=True):
    """A script: an answer in chunks, with a pause before each, perhaps without the last one."""

    def script(connection):
        connection.sendall(head(Content_Type=media_type, Transfer_Encoding="chunked"))
        for part in parts:
            time.sleep(pause)
            connection.sendall(chunk(part))
        if not end:
            raise ConnectionAbortedError
        connection.sendall(chunk(b""))

    return script


def rows():
    """The parts of a table that never ends."""
    yield START + ROW
    while True:
        yield b"," + ROW
