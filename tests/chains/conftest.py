"""The index of the real graph, and small ones made by hand or by chance."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from natgraph.chains import Link, index_of, read_index, select_from
from natgraph.chains.facts import Facts, Traits

settings.register_profile("chains", deadline=None, max_examples=150, derandomize=True)
settings.load_profile("chains")


@pytest.fixture(scope="session")
def index(store, dataset):
    """The real graph's index."""
    return read_index(select_from(store), dataset.version)


def barrier(number):
    return f"https://example.org/id/barrier/{number}"


def link(number, cause, effect, kind="causes", stated=True, **more):
    return Link(
        f"https://example.org/id/barrier-link/{number}", barrier(cause), barrier(effect), kind, stated, **more
    )


def small(*links, size=0, facts=None):
    """An index of links given as (cause, effect) or (cause, effect, options)."""
    made = [link(n, c, e, **(more[0] if more else {})) for n, (c, e, *more) in enumerate(links)]
    return index_of(made, map(barrier, range(size)), facts)


def slugs(things):
    return {int(thing.slug) for thing in things}


def removed_facts(*numbers):
    return Facts(traits={barrier(n): Traits(status="removed") for n in numbers})


@st.composite
def nets(draw, size=6, links=12, options=None):
    """Links of a small net, with loops and parallel links, as arguments of ``small``."""
    count = draw(st.integers(2, size))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda e: e[0] != e[1])
    found = draw(st.lists(ends, max_size=links))
    more = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["causes", "reinforces", "part-of"]),
            "stated": st.booleans(),
            "refuted": st.sampled_from([False, False, False, True]),
        }
    )
    return count, [(*end, draw(more if options is None else options)) for end in found]
