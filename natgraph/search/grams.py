"""Labels as tokens of a full-text index, and searches as expressions over them.

A label's form is a mark for its start, then each word after a mark of its own. Its tokens are all pieces of
three characters of that form, at its end of fewer. So one index answers what equals or starts a label, starts
a word, or stands inside one, in any language's compounds; one or two letters are the start of some token.
Tokens only narrow the choice: what is found is compared with the form itself.
"""

from collections.abc import Iterable
from itertools import product

from natgraph.search.letters import KEPT, folded

START, WORD, TYPE, WHOLE = "\ue000", "\ue001", "\ue002", "\ue003"
"""Marks from Unicode's private use area, which no form holds otherwise."""

LONGEST = 1000
"""So many characters of a label are searched."""

_SIZE = 3
_WILD = 4
_LOOKALIKES = {plain: plain + "".join(k for k in KEPT if folded(k) == plain) for plain in "ao"}


def form_of(words: Iterable[str]) -> str:
    """The form of a label with these words."""
    return (START + marked(words))[:LONGEST]


def marked(words: Iterable[str]) -> str:
    """Words one after the other, each after its mark."""
    return "".join(WORD + word for word in words)


def tokens(form: str, classes: Iterable[str]) -> str:
    """The tokens of a label, with one for each class of its thing, as text."""
    pieces = {form[i : i + _SIZE] for i in range(len(form))}
    return " ".join([*pieces, WHOLE + form, *(TYPE + name for name in classes)])


def whole(form: str) -> str:
    """The expression for labels of exactly this form."""
    return _token(WHOLE + form)


def holding(parts: Iterable[str]) -> str:
    """The expression that labels with all these parts in their form fulfil."""
    return _all(_term(piece) for part in parts for piece in _pieces(part))


def resembling(parts: Iterable[str]) -> str:
    """The same for parts in which a may stand for å, ä or æ, and o for ö or ø."""
    return _all(
        f"({' OR '.join(_term(variant) for variant in _variants(piece))})"
        for part in parts
        for piece in _pieces(part)[:_WILD]
    )


def of_class(expression: str, classes: Iterable[int]) -> str:
    """The expression for labels of things of any of these classes only."""
    return f"({expression}) AND ({' OR '.join(_token(TYPE + str(number)) for number in classes)})"


def _pieces(part: str) -> list[str]:
    """As few tokens as cover the part."""
    last = max(0, len(part) - _SIZE)
    return [part[i : i + _SIZE] for i in sorted({*range(0, last, _SIZE), last})]


def _variants(piece: str) -> list[str]:
    return ["".join(letters) for letters in product(*(_LOOKALIKES.get(letter, letter) for letter in piece))]


def _term(piece: str) -> str:
    return _token(piece) if len(piece) == _SIZE else f"{_token(piece)} *"


def _token(text: str) -> str:
    quoted = text.replace('"', '""')
    return f'"{quoted}"'


def _all(terms: Iterable[str]) -> str:
    return " AND ".join(dict.fromkeys(terms))
