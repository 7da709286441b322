"""``natgraph serve --store``: outages heal, secrets stay secret, certificates count, large answers flow."""

import asyncio
import json
import ssl

import httpx
import pytest
import trustme
from click.testing import CliRunner

from natgraph.cli import main
from natgraph.engine import Limits, Request
from natgraph.errors import QueryTimeout, QueryTooLarge, StoreUnavailable, UpstreamFailed
from natgraph.remote.endpoint import Credentials, Endpoint
from natgraph.remote.engine import RemoteEngine
from tests.conftest import is_alive, serving, until
from tests.stores import oxigraph, running
from tests.test_engine import CROSS, ENDLESS, _resident, read
from tests.upstream import YES, Upstream, answer

pytestmark = pytest.mark.xdist_group("remote")

TURTLE = "".join(f"<x:s{n}> <x:p> {n} .\n" for n in range(400))
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def fill(store, turtle=TURTLE):
    url = store.query.removesuffix("query") + "store?default"
    assert httpx.put(url, content=turtle, headers={"Content-Type": "text/turtle"}).is_success


def with_engine(endpoint, work, **limits):
    async def main():
        engine = RemoteEngine(endpoint, Limits(**{"workers": 1, **limits}))
        await engine.start()
        try:
            return await work(engine)
        finally:
            await engine.stop()

    return asyncio.run(main())


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """An oxigraph server with 400 triples, and no version of ours."""
    with running(oxigraph(tmp_path_factory.mktemp("oxigraph"))) as made:
        fill(made)
        yield made


def test_it_starts_before_its_store_and_heals_by_itself(tmp_path):
    there = oxigraph(tmp_path, "--location", str(tmp_path / "data"))

    def asked():
        return httpx.get(f"{url}/sparql", params={"query": COUNT}, timeout=30)

    with serving("--store", there.query, log=tmp_path / "serve.log", until=is_alive) as (url, _):
        assert "cannot be asked now" in (tmp_path / "serve.log").read_text()
        for face in ("/sparql?query=ASK%20%7B%7D", "/health/ready"):
            out = httpx.get(f"{url}{face}")
            assert out.status_code == 503
            assert int(out.headers["Retry-After"]) > 0
            assert out.headers["Content-Type"] == "application/problem+json"
        assert httpx.get(f"{url}/health/live").status_code == 200
        assert httpx.get(f"{url}/", headers={"Accept": "text/html"}).status_code == 200
        with running(there):
            fill(there)
            assert asked().json()["results"]["bindings"][0]["n"]["value"] == "400"
            assert httpx.get(f"{url}/health/ready").status_code == 200
            there.kill()
            assert asked().status_code == 503
            assert httpx.get(f"{url}/health/ready").status_code == 503
            there.start()
            assert asked().json()["results"]["bindings"][0]["n"]["value"] == "400"
        assert asked().status_code == 503
        until(lambda: "The store answers again." in (tmp_path / "serve.log").read_text())
        log = (tmp_path / "serve.log").read_text()
        assert "Traceback" not in log


def test_a_store_without_our_version_gets_no_validators(store):
    with serving("--store", store.query) as (url, _):
        plain = httpx.get(f"{url}/sparql", params={"query": COUNT}, headers={"If-None-Match": "*"})
        assert plain.status_code == 200
        assert "ETag" not in plain.headers
        assert plain.headers["Natgraph-Version"] == "unknown"
        assert httpx.get(f"{url}/health/ready").json() == {"status": "ready", "version": "unknown"}
        told = httpx.get(f"{url}/sparql", headers={"Accept": "text/turtle"}).text
        assert "sd:Service" in told
        assert "merge of the named graphs" not in told
        assert httpx.get(f"{url}/metrics").text.count('natgraph_data{version="unknown"} 1.0') == 1


def test_limits_hold_over_a_real_store(store):
    async def work(engine):
        with pytest.raises(QueryTimeout):
            await engine.answer(Request(ENDLESS))
        assert json.loads((await engine.answer(Request(COUNT))).body)
        with pytest.raises(QueryTooLarge):
            await engine.answer(Request("SELECT * { ?s ?p ?o } LIMIT 101"))
        assert (await engine.answer(Request("SELECT * { ?s ?p ?o } LIMIT 100", results="csv"))).body
        cut = json.loads(await read(await engine.answer(Request(CROSS))))
        assert cut["truncated"] == "rows"
        assert len(cut["results"]["bindings"]) <= 100

    with_engine(Endpoint(store.query), work, seconds=1, rows=100, hold_bytes=20_000)


def test_a_store_that_stops_a_query_itself_gave_no_answer(tmp_path):
    """oxigraph does that with 200 and words in the middle of the table."""

    async def work(engine):
        with pytest.raises(UpstreamFailed, match="broken"):
            await engine.answer(Request(ENDLESS))
        cut = json.loads(await read(await engine.answer(Request(CROSS))))
        assert cut["truncated"] == "failure"

    with running(oxigraph(tmp_path, "--timeout-s", "1")) as there:
        fill(there, "".join(f"<x:s{n}> <x:p> {n} .\n" for n in range(4000)))
        with_engine(Endpoint(there.query), work, rows=100_000_000)


def test_a_large_answer_streams_with_flat_memory(store):
    async def work(engine):
        before, size, rows, last = _resident(), 0, 0, b""
        streamed = await engine.answer(Request(CROSS))
        async for part in streamed.parts:
            size += len(part)
            rows += part.count(b'"a":{')
            last = part[-100:]
        assert last.endswith(b"]}}")
        assert rows == 400 * 400
        assert size > 30 << 20
        return _resident() - before

    assert with_engine(Endpoint(store.query), work, seconds=120) < 20 << 20


def challenge(scheme, then):
    """A script that asks who we are until it is told."""

    def script(connection):
        asked = answer(b"", status="401 Unauthorized", WWW_Authenticate=f'{scheme} realm="store"')
        (then if b"\r\nauthorization:" in there.requests[-1].lower() else asked)(connection)

    there = Upstream(script)
    return there


def test_user_and_password_are_shown_when_asked_for_and_nowhere_else(tmp_path):
    secret = {"NATGRAPH_STORE_USER": "anna", "NATGRAPH_STORE_PASSWORD": "s3cret-word"}
    with (
        challenge("Basic", answer(YES)) as there,
        serving("--store", there.url, log=tmp_path / "serve.log", until=is_alive, **secret) as (url, _),
    ):
        told = httpx.get(f"{url}/sparql", params={"query": "ASK {}"})
        assert told.json()["boolean"] is True
        assert b"authorization" not in there.requests[0].lower()
        assert b"Basic YW5uYTpzM2NyZXQtd29yZA==" in there.requests[1]
        everything = told.text + str(told.headers) + (tmp_path / "serve.log").read_text()
        assert "s3cret" not in everything
        assert "s3cret" not in (httpx.get(f"{url}/metrics").text)
    assert "s3cret" not in (tmp_path / "serve.log").read_text()


def test_wrong_credentials_are_an_error_of_ours():
    async def work(engine):
        with pytest.raises(UpstreamFailed) as caught:
            await engine.answer(Request("ASK {}"))
        assert "word" not in str(caught.value)

    refuse = answer(b"", status="401 Unauthorized", WWW_Authenticate='Basic realm="x"')
    with Upstream(refuse) as there:
        with_engine(Endpoint(there.url, Credentials("anna", "s3cret-word")), work)


def test_a_token_is_shown_at_once():
    async def work(engine):
        assert (await engine.answer(Request("ASK {}"))).body
        assert b"\r\nAuthorization: Bearer t0ken" in there.requests[0]

    with Upstream(answer(YES)) as there:
        with_engine(Endpoint(there.url, Credentials(token="t0ken")), work)


def test_credentials_do_not_show_in_a_representation():
    endpoint = Endpoint("http://127.0.0.1/", Credentials("anna", "s3cret-word", ""))
    assert "s3cret" not in repr(endpoint)


@pytest.mark.parametrize("command", ["serve", "publish"])
@pytest.mark.parametrize(
    ("url", "environment", "said"),
    [
        ("http://anna:s3cret@127.0.0.1/", {}, "no user name or password"),
        ("ftp://127.0.0.1/", {}, "http:// or https://"),
        ("https:///sparql", {}, "http:// or https://"),
        ("http://127.0.0.1/#x", {}, "no part after #"),
        ("http://127.0.0.1:x/", {}, "no address"),
        ("http://127.0.0.1/", {"NATGRAPH_STORE_USER": "anna"}, "Set both"),
        (
            "http://127.0.0.1/",
            {"NATGRAPH_STORE_TOKEN": "t", "NATGRAPH_STORE_USER": "anna", "NATGRAPH_STORE_PASSWORD": "p"},
            "not both",
        ),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(command, url, environment, said):
    done = CliRunner().invoke(main, [command, "--store", url], env=environment)
    assert done.exit_code == 2
    assert said in done.output
    assert "s3cret" not in done.output


def test_a_word_that_is_no_store_is_refused():
    done = CliRunner().invoke(main, ["serve", "--store", "elsewhere"])
    assert done.exit_code == 2
    assert "auto, memory, disk" in done.output


def test_data_and_a_store_elsewhere_do_not_go_together(tmp_path):
    file = tmp_path / "a.ttl"
    file.write_text("")
    done = CliRunner().invoke(main, ["serve", "--store", "http://127.0.0.1:9/", "--data", str(file)])
    assert done.exit_code == 2
    assert "not for a store elsewhere" in done.output


def test_certificates_are_checked(tmp_path, monkeypatch):
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    async def refused(engine):
        with pytest.raises(UpstreamFailed, match="certificate"):
            await engine.answer(Request("ASK {}"))

    async def accepted(engine):
        return (await engine.answer(Request("ASK {}"))).body

    with Upstream(answer(YES), tls) as there:
        with_engine(Endpoint(there.url), refused)
        assert there.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert with_engine(Endpoint(there.url), accepted)


def test_the_version_of_a_new_publish_is_followed(tmp_path):
    """Validators change when the store says another version, and are gone while it says none."""
    with running(oxigraph(tmp_path)) as there, serving("--store", there.query) as (url, _):

        def tag():
            return httpx.get(f"{url}/sparql", params={"query": "ASK {}"}).headers.get("ETag")

        assert tag() is None
        say(there, "one")
        until(tag)
        first = tag()
        say(there, "two")
        until(lambda: tag() not in (first, None))
        say(there, None)
        until(lambda: tag() is None)
        say(there, "three")
        until(tag)
        known = {"If-None-Match": tag()}

        def status():
            return httpx.get(f"{url}/sparql", params={"query": "ASK {}"}, headers=known).status_code

        assert status() == 304
        there.kill()
        until(lambda: status() == 503)


def say(store, version):
    graph = "https://w3id.org/natgraph/id/source/natgraph-version"
    text = f'<{graph}> <http://www.w3.org/2002/07/owl#versionInfo> "{version}" .' if version else ""
    url = store.query.removesuffix("query") + "store"
    headers = {"Content-Type": "text/turtle"}
    assert httpx.put(url, params={"graph": graph}, content=text, headers=headers).is_success


def test_a_store_that_stops_in_the_middle_is_no_whole_answer(store, tmp_path):
    async def work(engine):
        streamed = await engine.answer(Request(CROSS))
        parts = []
        async for part in streamed.parts:
            parts.append(part)
            if there.process.poll() is None:
                there.kill()
        assert json.loads(b"".join(parts))["truncated"] == "failure"
        with pytest.raises(StoreUnavailable):
            await engine.answer(Request("ASK {}"))

    with running(oxigraph(tmp_path)) as there:
        fill(there, "".join(f"<x:s{n}> <x:p> {n} .\n" for n in range(2000)))
        with_engine(Endpoint(there.query), work, rows=10_000_000)
