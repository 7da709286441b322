"""Stores of other makes, each as a process of its own on a free port of loopback."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.conftest import free_port

FUSEKI = Path(__file__).parent / "fuseki" / "pom.xml"
MAVEN_SECONDS = 240


class Missing(Exception):
    """A store that cannot be had here; says in a line why, and how to get it."""


@dataclass
class Store:
    """A running store: where it takes queries and updates, and the options that ``publish`` fills it with."""

    query: str
    fill: list[str]
    command: list[str]
    folder: Path
    user: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    def start(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self.answers():
            text = (self.folder / "log").read_text(errors="replace")[-2000:]
            assert self.process.poll() is None, text
            assert time.monotonic() < deadline, text
            time.sleep(0.1)
        return self

    def answers(self):
        try:
            return httpx.post(self.query, data={"query": "ASK {}"}, timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()


@contextmanager
def running(store):
    try:
        yield store.start()
    finally:
        if store.process:
            store.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                store.process.wait(timeout=10)
            store.kill()


def publish(root, store, *options, store_url=None):
    """``natgraph publish`` into a store, as a process of its own."""
    command = [sys.executable, "-m", "natgraph", "--root", str(root.folder), "publish"]
    return subprocess.run(
        [*command, "--store", store_url or store.query, *store.fill, *options],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **store.user},
    )


def oxigraph(folder, *options):
    """The server of the ``oxigraph`` wheel, its data in memory unless ``options`` say where."""
    port = free_port()
    program = str(Path(sys.executable).parent / "oxigraph")
    command = [program, "serve", "--bind", f"127.0.0.1:{port}", *options]
    url = f"http://127.0.0.1:{port}"
    return Store(f"{url}/query", ["--graph-store-url", f"{url}/store"], command, folder)


def oxigraph_union(folder):
    """The same, with the union of all graphs as default graph, filled by SPARQL Update."""
    store = oxigraph(folder, "--union-default-graph")
    store.fill = ["--update-url", store.query.removesuffix("query") + "update"]
    return store


def virtuoso(folder):
    """Virtuoso 7 in a folder of its own; its Graph Store Protocol asks for Digest credentials."""
    _wanted("Virtuoso")
    program = shutil.which("virtuoso-t")
    if program is None:
        raise Missing("Virtuoso is missing: apt-get install virtuoso-opensource-7-bin")
    port = free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=free_port(), http=port))
    command = [program, "+configfile", "virtuoso.ini", "+foreground"]
    url = f"http://127.0.0.1:{port}"
    user = {"NATGRAPH_STORE_USER": "dba", "NATGRAPH_STORE_PASSWORD": "dba"}
    fill = ["--graph-store-url", f"{url}/sparql-graph-crud-auth"]
    return Store(f"{url}/sparql", fill, command, folder, user)


def fuseki(folder):
    """Apache Jena Fuseki, by Maven."""
    port = free_port()
    server = ["org.apache.jena.fuseki.main.cmds.FusekiMainCmd", "--mem", "--update", "--localhost"]
    command = ["java", "-Xmx1g", "-cp", _jars(folder), *server, "--port", str(port), "/graph"]
    url = f"http://127.0.0.1:{port}/graph"
    return Store(f"{url}/sparql", ["--graph-store-url", f"{url}/data"], command, folder)


STORES = {
    "oxigraph": oxigraph,
    "oxigraph-union": oxigraph_union,
    "virtuoso": virtuoso,
    "fuseki": fuseki,
}


def _wanted(name):
    """The large stores take minutes: they are for who asks for them."""
    if os.environ.get("NATGRAPH_STORES") != "all":
        raise Missing(f"{name} is tested by `make stores`")


def _jars(folder):
    _wanted("Fuseki")
    if not (shutil.which("mvn") and shutil.which("java")):
        raise Missing("Fuseki is missing: it needs Java 17 and Maven (apt-get install maven)")
    found = folder / "jars"
    command = [
        "mvn",
        "-B",
        "-q",
        "-f",
        str(FUSEKI),
        "dependency:build-classpath",
        f"-Dmdep.outputFile={found}",
    ]
    try:
        made = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=MAVEN_SECONDS, env=os.environ
        )
    except subprocess.TimeoutExpired:
        raise Missing(f"Fuseki is missing: Maven gave nothing within {MAVEN_SECONDS} s") from None
    if made.returncode or not found.is_file():
        raise Missing(f"Fuseki is missing: Maven cannot get it ({made.stdout.strip().partition(chr(10))[0]})")
    return found.read_text()


VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = 1000000
"""
