"""A store elsewhere that is slow, wrong or hostile: limits hold, nothing broken is passed on as whole."""

import asyncio
import itertools
import json
import time

import pytest

from natgraph.engine import Limits, NotAcceptable, Request
from natgraph.errors import (
    Busy,
    QueryFailed,
    QueryForbidden,
    QueryOutOfMemory,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    StoreUnavailable,
    UpstreamFailed,
)
from natgraph.remote.endpoint import Endpoint
from natgraph.remote.engine import RemoteEngine
from tests import upstream
from tests.test_engine import read
from tests.upstream import NOTHING, ROW, START, YES, Upstream, answer, chunked, head

pytestmark = pytest.mark.xdist_group("remote")

ASK, SELECT, CONSTRUCT = "ASK {}", "SELECT ?x { ?x ?y ?z }", "CONSTRUCT { ?x ?y ?z } { ?x ?y ?z }"
TRIPLES = "application/n-triples"


def with_engine(url, work, credentials=None, **limits):
    """Run ``work(engine)`` on a new engine over the store at an address."""

    async def main():
        engine = RemoteEngine(Endpoint(url, credentials), Limits(**{"workers": 1, **limits}))
        await engine.start()
        try:
            return await work(engine)
        finally:
            await engine.stop()

    return asyncio.run(main())


def asking(script, query=SELECT, credentials=None, results="json", **limits):
    """The whole answer to a query from a store that follows a script."""

    async def work(engine):
        return await read(await engine.answer(Request(query, results=results)))

    with Upstream(script) as there:
        return with_engine(there.url, work, credentials, **limits)


def refused(script, error, query=SELECT, **limits):
    with pytest.raises(error) as caught:
        asking(script, query, **limits)
    assert type(caught.value) is error or error is UpstreamFailed
    return caught.value


def whole(rows):
    return START + b",".join([ROW] * rows) + b"]}}"


def test_a_whole_answer_is_passed_on():
    assert (
        json.loads(asking(answer(whole(3))))["results"]["bindings"]
        == [{"x": {"type": "literal", "value": "0123456789"}}] * 3
    )
    assert asking(answer(whole(2)), results="csv") == b"x\r\n0123456789\r\n0123456789\r\n"
    assert json.loads(asking(answer(YES), ASK)) == {"head": {}, "boolean": True}


@pytest.mark.parametrize(
    "script",
    {
        "words in the middle": answer(START + ROW + b"The SPARQL operation has been cancelled"),
        "words at the end": answer(whole(2) + b"The SPARQL operation has been cancelled"),
        "words after the end": chunked(
            [whole(2), b"\n", b"The SPARQL operation has been cancelled"], pause=0.1
        ),
        "half a table": answer(whole(3)[:-4]),
        "nothing": answer(b""),
        "a page": answer(b"<html>Welcome</html>", "text/html"),
        "a page as a table": answer(b"<html>Welcome</html>"),
        "no media type": answer(whole(1), ""),
        "XML": answer(b"<sparql/>", "application/sparql-results+xml"),
        "CSV": answer(b"x\r\n1\r\n", "text/csv"),
        "a truth value": answer(YES),
        "fewer bytes than told": lambda c: (
            c.sendall(head(Content_Type=upstream.TABLE, Content_Length=5000) + whole(3)) or c.close()
        ),
        "no last chunk": chunked([whole(3)], end=False),
        "no length": lambda c: c.sendall(head(Content_Type=upstream.TABLE) + whole(3)) or c.close(),
        "compressed": answer(whole(1), Content_Encoding="gzip"),
        "no HTTP": lambda c: c.sendall(b"220 mail.example.org ESMTP\r\n\r\n") or c.close(),
        "endless headers": lambda c: c.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000) or c.close(),
        "not found": answer(b"", status="404 Not Found"),
        "who are you": answer(b"", status="401 Unauthorized"),
    }.items(),
    ids=lambda case: case[0],
)
def test_a_broken_answer_is_an_error(script):
    assert "store" in str(refused(script[1], UpstreamFailed))


def test_words_after_a_truth_value_are_an_error_and_do_no_harm_to_the_next():
    async def work(engine):
        for script, right in ((late, False), (late, False), (answer(YES + b"\n"), True), (answer(YES), True)):
            there.script = script
            asked = engine.answer(Request(ASK))
            if right:
                assert json.loads((await asked).body)["boolean"] is True
            else:
                with pytest.raises(UpstreamFailed):
                    await asked

    late = chunked([YES, b"\n", b"The SPARQL operation has been cancelled"], pause=0.1)
    with Upstream(late) as there:
        with_engine(there.url, work)


@pytest.mark.parametrize("body", [b"<a:a> <a:b> <a:c> .\n<a:a>", b"<a:a> <a:b> .\n", YES])
def test_a_broken_graph_is_an_error(body):
    refused(answer(body, TRIPLES), UpstreamFailed, CONSTRUCT)


def test_a_table_instead_of_a_graph_is_an_error():
    refused(answer(whole(1)), UpstreamFailed, CONSTRUCT)


def test_a_failure_of_the_store_says_little_of_its_inside():
    trace = b"Query failed, code 77\n" + b"at com.example.Secret.java:12\n" * 1000
    error = refused(answer(trace, "text/plain", "500 Internal Server Error"), UpstreamFailed)
    assert str(error) == "The store failed with 500: Query failed, code 77."
    page = refused(answer(b"<h1>java.lang.Secret", "text/html", "500 Internal Server Error"), UpstreamFailed)
    assert str(page) == "The store failed with 500."
    endless = refused(answer(b"x" * 1_000_000, "text/plain", "400 Bad Request"), QueryFailed)
    assert len(str(endless)) < 300


def test_a_store_that_is_busy_says_when_to_come_back():
    error = refused(answer(b"", status="503 Service Unavailable", Retry_After="7"), StoreUnavailable)
    assert error.retry == 7
    assert (
        refused(answer(b"", status="429 Too Many Requests", Retry_After="never"), StoreUnavailable).retry > 0
    )


def test_a_store_that_is_out_is_not_an_error_of_the_query():
    async def work(engine):
        with pytest.raises(StoreUnavailable):
            await engine.answer(Request(ASK))

    with Upstream(answer(YES)) as there:
        url = there.url
    with_engine(url, work)
    refused(lambda c: c.close(), StoreUnavailable)


def test_redirects_are_not_followed():
    with Upstream(answer(YES)) as elsewhere:
        for status in ("301 Moved", "307 Temporary Redirect", "308 Permanent Redirect"):
            refused(answer(b"", status=status, Location=elsewhere.url), UpstreamFailed, ASK)
        assert elsewhere.requests == []


def test_an_answer_that_the_store_itself_cut_is_an_error():
    error = refused(answer(whole(1000), X_SPARQL_MaxRows="1000"), QueryTooLarge)
    assert "1000 rows" in str(error)


@pytest.mark.parametrize(
    "script",
    {
        "silent": lambda c: time.sleep(30),
        "trickling headers": lambda c: [
            (c.sendall(piece), time.sleep(0.05)) for piece in [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 500]
        ],
        "trickling white space": chunked(itertools.chain([START], itertools.repeat(b" ")), pause=0.05),
        "fast white space": chunked(itertools.chain([START], itertools.repeat(b" " * 100))),
    }.items(),
    ids=lambda case: case[0],
)
def test_the_time_limit_holds_and_the_connection_closes(script):
    async def work(engine):
        start = time.monotonic()
        with pytest.raises(QueryTimeout):
            await read(await engine.answer(Request(SELECT)))
        assert time.monotonic() - start < 3
        assert engine.state().heavy == 0
        if script[0] != "silent":
            assert await asyncio.to_thread(there.left.wait, 1)

    with Upstream(script[1]) as there:
        with_engine(there.url, work, seconds=0.5)


def test_rows_that_trickle_are_cut_at_the_time_limit():
    """What has come is passed on, and says that it is cut."""
    script = chunked(_many(upstream.rows()), pause=0.02)
    got = json.loads(asking(script, seconds=1.5, hold_seconds=0.2))
    assert got["truncated"] == "time"
    assert got["results"]["bindings"]


@pytest.mark.parametrize(("limits", "reason"), [({"rows": 1000}, "rows"), ({"bytes": 200_000}, "bytes")])
def test_an_endless_answer_is_cut(limits, reason):
    script = chunked(_many(upstream.rows()))
    got = json.loads(asking(script, hold_bytes=1000, **limits))
    assert got["truncated"] == reason
    assert 0 < len(got["results"]["bindings"]) <= 20_000


@pytest.mark.parametrize("limits", [{"rows": 10}, {"bytes": 1000}])
def test_an_answer_that_is_too_large_is_refused(limits):
    refused(answer(whole(100)), QueryTooLarge, **limits)


def test_a_value_larger_than_memory_ends_the_query_alone():
    huge = (b'{"x":{"type":"literal","value":"' if not n else b"y" * 65536 for n in range(5000))
    refused(chunked(itertools.chain([START], huge)), QueryOutOfMemory, memory=64 << 20)


def test_rows_that_have_to_be_kept_are_bounded_by_memory():
    """Whoever writes the names of columns last makes readers keep all rows."""
    last = itertools.chain(
        [b'{"results":{"bindings":[' + ROW], (b"," + b",".join([ROW] * 2000) for _ in range(3000))
    )
    refused(chunked(last), QueryOutOfMemory, memory=64 << 20)


def _many(parts):
    """The same in pieces of some hundreds."""
    while True:
        yield b"".join(itertools.islice(parts, 500))


def test_who_leaves_frees_the_store_within_a_second():
    async def work(engine):
        waiting = asyncio.ensure_future(engine.answer(Request(SELECT)))
        while not there.requests:
            await asyncio.sleep(0.01)
        waiting.cancel()
        assert await asyncio.to_thread(there.left.wait, 1)

    with Upstream(chunked(itertools.chain([START], itertools.repeat(b" ")), pause=0.02)) as there:
        with_engine(there.url, work)


def test_who_stops_reading_a_stream_frees_the_store_within_a_second():
    async def work(engine):
        streamed = await engine.answer(Request(SELECT))
        assert await anext(aiter(streamed.parts))
        assert engine.state().heavy == 1
        await streamed.parts.aclose()
        assert engine.state().heavy == 0
        assert await asyncio.to_thread(there.left.wait, 1)

    with Upstream(chunked(_many(upstream.rows()))) as there:
        with_engine(there.url, work)


def test_a_reader_that_stops_does_not_keep_its_place_for_ever():
    async def work(engine):
        streamed = await engine.answer(Request(SELECT))
        parts = [await anext(aiter(streamed.parts))]
        await asyncio.sleep(1)
        assert engine.state().heavy == 0
        parts += [part async for part in streamed.parts]
        return json.loads(b"".join(parts))

    with Upstream(chunked(_many(upstream.rows()))) as there:
        assert with_engine(there.url, work, stream_seconds=0.5)["truncated"] == "time"


def test_places_are_bounded_and_say_when_to_come_back():
    async def work(engine):
        asked = [asyncio.ensure_future(engine.answer(Request(SELECT), str(n))) for n in range(20)]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {Busy, QueryTimeout}
        assert all(outcome.retry > 0 for outcome in outcomes if isinstance(outcome, Busy))
        greedy = [asyncio.ensure_future(engine.answer(Request(SELECT), "one")) for n in range(4)]
        assert sum(isinstance(o, Busy) for o in await asyncio.gather(*greedy, return_exceptions=True)) == 2

    with Upstream(lambda c: time.sleep(5)) as there:
        with_engine(there.url, work, seconds=1, workers=1, queue=2, heavy_a_client=2)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * {", QuerySyntax),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", QuerySyntax),
        ("DEFINE get:soft 'replace' SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o }", QuerySyntax),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", QueryForbidden),
        ("SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) {}", QueryFailed),
        ("SELECT (bif:http_get('http://127.0.0.1/') AS ?x) {}", QuerySyntax),
        ("SELECT * { FILTER(false && <bif:http_get>('x')) }", QueryForbidden),
        ("PREFIX b: <bif:> SELECT * { VALUES ?x {} FILTER(b:http_get('x')) }", QueryForbidden),
        ("PREFIX b: <bif:http> SELECT * { ?s b: <a:b> . FILTER(false && b:_get('x')) }", QueryForbidden),
        ("SELECT * { FILTER(false && <\\u0062if:http_get>('x')) }", QueryForbidden),
        ("SELECT * { FILTER(false && <SQL:eval>('x')) }", QueryForbidden),
        ("SELECT * " + "{" * 300 + "}" * 300, QueryForbidden),
        ("SELECT ?x { ?x ?y ?z }" + " " * 1_000_000, QueryTooLarge),
    ],
)
def test_what_may_not_be_asked_never_reaches_the_store(query, error):
    async def work(engine):
        with pytest.raises(error):
            await engine.answer(Request(query))
        assert there.requests == []
        assert (await engine.answer(Request(SELECT))).body

    with Upstream(answer(NOTHING)) as there:
        with_engine(there.url, work)


def test_a_syntax_error_has_its_place():
    error = refused(answer(NOTHING), QuerySyntax, "SELECT *\n{ ?s ?p }")
    assert (error.line, error.column) == (2, 10)


def test_a_text_that_takes_long_to_read_is_stopped():
    nested = "( " * 190 + "1" + " )" * 190
    refused(answer(NOTHING), QueryTimeout, "SELECT * { ?s ?p " + nested + " }", seconds=0.3)


def test_a_kind_that_the_client_does_not_take_is_not_asked_for():
    async def work(engine):
        with pytest.raises(NotAcceptable):
            await engine.answer(Request(SELECT, results=None))
        with pytest.raises(NotAcceptable):
            await engine.answer(Request(CONSTRUCT, graph=None))
        assert there.requests == []

    with Upstream(answer(NOTHING)) as there:
        with_engine(there.url, work)
