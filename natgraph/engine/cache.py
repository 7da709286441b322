"""Small answers that were given already, the last used ones."""

from collections import OrderedDict

from natgraph.engine.answer import Answer

_LARGEST = 1 << 18


class Cache:
    """Whole answers of at most 256 KiB by the digest of their request, up to ``size`` bytes in all."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def get(self, digest: str) -> Answer | None:
        """The answer given before, if it is still here."""
        answer = self._answers.get(digest)
        if answer:
            self._answers.move_to_end(digest)
        return answer

    def put(self, digest: str, answer: Answer) -> None:
        """Keep an answer if it is whole and small; older ones make room."""
        if answer.body is None or len(answer.body) > _LARGEST or digest in self._answers:
            return
        self._answers[digest] = answer
        self._left -= len(answer.body)
        while self._left < 0:
            _, oldest = self._answers.popitem(last=False)
            self._left += len(oldest.body or b"")
