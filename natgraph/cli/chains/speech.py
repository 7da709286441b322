"""Results in words of one language, for the terminal."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText
from rich.tree import Tree

from natgraph.chains import Language, Step, Text, Thing
from natgraph.chains.things import How, Source

_WIDE = 200
_MARKS = {True: Text("källan säger", "the source says so"), False: Text("vår slutsats", "our conclusion")}
_SOURCE, _VERSION = Text("källa", "source"), Text("dataversion", "data version")
_DERIVED = Text(
    "{:.0%} av det som svaret vilar på är våra slutsatser", "{:.0%} of what this rests on are our conclusions"
)


@dataclass(frozen=True)
class Speech:
    """Says things in one language and prints them."""

    lang: Language

    def say(self, text: Text) -> str:
        """A text in the language."""
        return text.sv if self.lang == "sv" else text.en

    def name(self, thing: Thing) -> str:
        """The name of a thing."""
        return self.say(thing.name)

    def names(self, things: Iterable[Thing]) -> str:
        """Names with semicolons between."""
        return "; ".join(map(self.name, things))

    def mark(self, stated: bool) -> str:
        """Whether a source says so or the editors conclude it."""
        return f"[{self.say(_MARKS[stated])}]"

    def route(self, steps: Sequence[Step]) -> str:
        """The way along some steps, from cause to effect, each with its mark."""
        if not steps:
            return ""
        way = "".join(f" → {self.mark(step.stated)} {self.name(step.effect)}" for step in steps)
        return self.name(steps[0].cause) + way

    def sources(self, sources: Iterable[Source]) -> list[str]:
        """A line for each address."""
        return [f"{self.say(_SOURCE)}: {a}" for a in dict.fromkeys(source.address for source in sources)]

    def heading(self, text: Text, count: int | None = None) -> None:
        """Print a heading."""
        number = "" if count is None else f" ({count})"
        self.print(RichText(f"\n{self.say(text)}{number}", style="bold"))

    def table(self, heads: Sequence[Text], rows: Iterable[Sequence[object]]) -> None:
        """Print a table that has rows; a cell may be a thing, a text, or anything with a str."""
        table = Table(*map(self.say, heads))
        for row in rows:
            table.add_row(*map(self._cell, row))
        if table.rows:
            self.print(table)

    def tree(self, head: str, lines: Iterable[str]) -> None:
        """Print a tree of one level."""
        tree = Tree(RichText(head, style="bold"))
        for line in lines:
            tree.add(RichText(line))
        self.print(tree)

    def end(self, how: How, derived_share: float | None = None) -> None:
        """Print how it was found, from which data."""
        share = "" if derived_share is None else f" {self.say(_DERIVED).format(derived_share)}."
        version = f" ({self.say(_VERSION)} {how.version[:12]})"
        self.print(RichText(f"\n{self.say(how.method)}{share}{version}", style="dim"))

    def print(self, what: object) -> None:
        """Print to the terminal, or wide enough for whatever reads it."""
        wide = None if sys.stdout.isatty() else _WIDE
        Console(width=wide, markup=False, highlight=False, emoji=False).print(what)

    def _cell(self, value: object) -> str:
        match value:
            case Thing():
                return self.name(value)
            case Text():
                return self.say(value)
            case None:
                return "–"
        return str(value)
