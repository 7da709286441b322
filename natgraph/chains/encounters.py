"""Which barriers someone has met."""

from collections.abc import Collection

from natgraph.chains.index import ChainIndex


def met_by(index: ChainIndex, parties: Collection[str]) -> list[int]:
    """The barriers that any of these parties has met."""
    encounters = index.facts.encounters
    found = (
        index.net.barriers.place(b) for b, met in encounters.items() if any(m.party in parties for m in met)
    )
    return sorted(number for number in found if number is not None)
