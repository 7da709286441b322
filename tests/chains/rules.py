"""Independent truth for what-if: try every rule that a barrier could follow.

A rule says for each set of grounds still holding whether the barrier stands. All monotone rules are listed,
those that contradict what is known are thrown out, and the rest are played through, one rule a barrier, in
every combination.
"""

from functools import cache
from itertools import chain, combinations, product

CAUSAL = ("causes", "reinforces")


def subsets(things):
    things = sorted(things, key=str)
    return [
        frozenset(c) for c in chain.from_iterable(combinations(things, n) for n in range(len(things) + 1))
    ]


@cache
def monotone(size):
    """All monotone rules over ``size`` grounds, as sets of the sets under which the barrier stands."""
    sets = subsets(range(size))
    found = []
    for bits in range(1 << len(sets)):
        true = {s for n, s in enumerate(sets) if bits >> n & 1}
        if all(t in true for s in true for t in sets if s < t):
            found.append(frozenset(true))
    return found


class World:
    """Links as (cause, effect, options) by number, and the laws each barrier is grounded in."""

    def __init__(self, count, links, laws=None, gone=()):
        self.count, self.links, self.laws, self.gone = count, links, laws or {}, set(gone)
        self.grounds = {b: self._grounds(b) for b in range(count)}
        self.rules = {b: self._rules(b) for b in range(count)}

    def _grounds(self, barrier):
        groups = {}
        for number, (cause, effect, more) in enumerate(self.links):
            if effect != barrier or more["kind"] not in CAUSAL or more.get("refuted") or cause in self.gone:
                continue
            alone = more.get("group") is None or more.get("necessity") == "sufficient"
            groups.setdefault(("link", number) if alone else ("group", more["group"]), set()).add(number)
        return [("links", frozenset(g)) for g in groups.values()] + [
            ("law", x) for x in self.laws.get(barrier, ())
        ]

    def _rules(self, barrier):
        grounds = self.grounds[barrier]
        known = [
            {self.links[n][2].get("necessity", "unknown") for n in g[1]} if g[0] == "links" else set()
            for g in grounds
        ]
        gives = [g[0] == "law" or any(self.links[n][2]["kind"] == "causes" for n in g[1]) for g in grounds]
        every = frozenset(range(len(grounds)))
        merely = [n for n, k in enumerate(known) if "contributing" in k and "necessary" not in k]

        def fits(rule):
            if every not in rule:
                return False
            for n, k in enumerate(known):
                if "necessary" in k and any(n not in s for s in rule):
                    return False
                if "sufficient" in k and frozenset([n]) not in rule:
                    return False
                if n in merely and every - {n} not in rule:
                    return False
            only_contributes = len(grounds) == 1 and merely
            return not (any(gives) and not only_contributes and frozenset() in rule)

        return [rule for rule in monotone(len(grounds)) if fits(rule)]

    @property
    def readings(self):
        size = 1
        for barrier in range(self.count):
            size *= len(self.rules[barrier])
        return size

    def opened(self, barriers=(), links=(), laws=(), touched=()):
        """The barriers that open under every reading, and those that open under some."""
        outcomes = [
            self._play(dict(enumerate(rules)), set(barriers), set(links), set(laws) | extra)
            for rules in product(*(self.rules[b] for b in range(self.count)))
            for extra in map(set, subsets(set(touched)))
        ]
        return set.intersection(*outcomes), set.union(*outcomes)

    def _play(self, rules, barriers, links, laws):
        """From all standing, let barriers open as their rules say until nothing changes."""
        opened = set(barriers)
        while True:
            shut = [b for b in range(self.count) if b not in opened and b not in self.gone]
            new = {b for b in shut if self._opens(b, rules[b], opened, links, laws)}
            if not new:
                return opened - barriers
            opened |= new

    def _opens(self, barrier, rule, opened, links, laws):
        grounds = self.grounds[barrier]
        if not grounds:
            return False

        def holds(kind, what):
            if kind == "law":
                return what not in laws
            return not any(n in links or self.links[n][0] in opened for n in what)

        return frozenset(n for n, ground in enumerate(grounds) if holds(*ground)) not in rule
