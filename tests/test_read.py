"""A file that cannot be used says where, what is wrong and how to mend it."""

import re

import pytest
from pyoxigraph import NamedNode

from natgraph.errors import DataFault
from natgraph.read import read_records, read_turtle

GOOD = "GRAPH <http://example.org/g> { <http://example.org/s> <http://example.org/p> 'o' }"


def write(folder, text):
    path = folder / "a.trig"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_good_file_is_read(tmp_path):
    (quad,) = read_records([write(tmp_path, GOOD)])
    assert quad.graph_name == NamedNode("http://example.org/g")


@pytest.mark.parametrize(
    ("text", "line", "what", "cure"),
    [
        ("\n\n" + GOOD.replace("'o'", "'o"), 3, "", "closing quote"),
        (GOOD.replace("<http://example.org/p>", "ng:p"), 1, "prefix", "declare the prefix"),
        (GOOD.replace("<http://example.org/p>", "<not an iri>"), 1, "", "whole IRI"),
        (GOOD.replace("'o'", "<relative>"), 1, "", "whole IRI"),
        ("\n<http://example.org/s> <http://example.org/p> 'o' .", 2, "outside a GRAPH block", "GRAPH <"),
        ("\n\n" + GOOD.replace("'o'", "[]"), 3, "blank node", "give it an IRI"),
        (b"\xff\xfe", 1, "", ""),
    ],
)
def test_a_broken_file_names_place_fault_and_cure(tmp_path, text, line, what, cure):
    path = write(tmp_path, text)
    with pytest.raises(DataFault) as caught:
        list(read_records([path]))
    fault = caught.value
    assert fault.line == line
    assert what in fault.what
    assert cure in fault.cure
    assert re.match(rf"{re.escape(str(path))}:{line}:\d+: .+\n  mend: .+", str(fault))


def test_a_missing_file_is_a_fault(tmp_path):
    with pytest.raises(DataFault, match=r"gone\.trig:1:1"):
        list(read_records([tmp_path / "gone.trig"]))


def test_turtle_goes_into_the_graph_that_is_named(tmp_path):
    path = write(tmp_path, "<http://example.org/s> <http://example.org/p> 1 .")
    (quad,) = read_turtle(path, NamedNode("http://example.org/g"))
    assert quad.graph_name == NamedNode("http://example.org/g")
