"""A chain as CSV (RFC 4180): one row a step."""

import csv
import io

from natgraph.chains.chain import Chain
from natgraph.chains.things import Language, Step

HEADER = (
    "link", "cause", "causeSv", "causeEn", "effect", "effectSv", "effectEn", "type", "confidence", "polarity",
    "necessity", "causeGroup", "rationaleSv", "rationaleEn", "sources", "addresses", "contradictedBy",
    "dataVersion",
)  # fmt: skip


def to_csv(chain: Chain, _lang: Language = "sv") -> str:
    """The steps of a chain with names in both languages; several sources are parted by spaces."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([*_row(step), chain.version] for step in chain.steps)
    return out.getvalue()


def _row(step: Step) -> list[str]:
    cause, effect, why = step.cause, step.effect, step.rationale
    return [
        step.link, cause.iri, cause.name.sv, cause.name.en, effect.iri, effect.name.sv, effect.name.en,
        step.kind, "stated" if step.stated else "derived", "refuted" if step.refuted else "hinders",
        step.necessity, step.group or "", why.sv if why else "", why.en if why else "",
        " ".join(source.iri for source in step.sources),
        " ".join(source.address for source in step.sources),
        " ".join(source.iri for source in step.against),
    ]  # fmt: skip
