"""The form in which labels and searches are compared.

Upper and lower case, composed and decomposed letters, accents and punctuation make no difference; å, ä, ö, æ
and ø are letters of their own, as they are in the Nordic languages.
"""

from unicodedata import category, normalize

KEPT = "åäöæø"
FOLDED = str.maketrans(KEPT, "aaoao")
"""What those who cannot type the kept letters write instead."""

_ACCENTS = range(0x300, 0x370)


def words(text: str) -> list[str]:
    """The words of a text, lower case: runs of letters and digits.

    A text without any gives its symbols, so that ``§`` can be found too.

    >>> words("Byggåterbruk – É/Malmö")
    ['byggåterbruk', 'e', 'malmö']
    """
    plain = normalize("NFC", normalize("NFC", text).casefold())
    return plain.translate(_LETTERS).split() or plain.translate(_SYMBOLS).split()


def folded(form: str) -> str:
    """A form with a for å, ä and æ, and o for ö and ø."""
    return form.translate(FOLDED)


class _Letters(dict[int, str]):
    """What stands for a character in a word; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = chr(code) if chr(code) in KEPT else _plain(chr(code))
        return found


class _Symbols(dict[int, str]):
    """The same for texts without letters: a symbol stands for itself."""

    def __missing__(self, code: int) -> str:
        self[code] = found = chr(code) if category(chr(code))[0] in "PS" else " "
        return found


def _plain(letter: str) -> str:
    bare = "".join(part for part in normalize("NFKD", letter) if ord(part) not in _ACCENTS)
    return "".join(map(_word_part, normalize("NFC", bare).casefold()))


def _word_part(letter: str) -> str:
    kind = category(letter)
    if kind == "Cf":  # soft hyphens and the like are not seen
        return ""
    return letter if kind[0] in "LMN" else " "


_LETTERS, _SYMBOLS = _Letters(), _Symbols()
