"""How varied a set of pictures is: how many of each word, and how many that is worth."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TOLD = ("school", "period", "region", "genre", "kind", "artist")  # by manifests
SAME = 0.8  # a share at which one word is told to prevail


@dataclass(frozen=True)
class Facet:
    """One way of telling pictures apart, and how many are of each word, most first."""

    name: str
    counts: Mapping[str, int]

    @property
    def known(self) -> int:
        """Pictures of which it is known."""
        return sum(self.counts.values())

    @property
    def effective(self) -> float:
        """The effective number of words: how many of equal share are as varied as these.

        The exponential of Shannon's entropy (Hill 1973): 1 where all are the same.

        >>> Facet("light", {"dark": 5, "bright": 5}).effective
        2.0
        """
        shares = [count / self.known for count in self.counts.values()]
        return round(math.exp(-sum(share * math.log(share) for share in shares)), 3)

    @property
    def remark(self) -> str | None:
        """Say which word nearly all pictures share, if there is one."""
        word, count = next(iter(self.counts.items()))
        if count < SAME * self.known or self.known < 5:
            return None
        tenths = math.floor(10 * count / self.known)
        share = f"{tenths} of 10" if count < self.known else "all"
        return f"{share} are the same by {self.name}: {word}"


def facets(records: Iterable[Mapping[str, Any]]) -> list[Facet]:
    """Return every facet of which something is known: those told first, then those measured.

    The last one, ``together``, counts all that was measured at once: its effective number is of
    how many kinds the set is.

    Args:
        records: of each picture, words by facet; those measured are in ``measured``.
    """
    told: dict[str, Counter[str]] = {name: Counter() for name in TOLD}
    measured: dict[str, Counter[str]] = {}
    for record in records:
        for name in TOLD:
            told[name].update(_words(record.get(name)))
        words = dict(record["measured"])
        words["together"] = ", ".join(words.values())
        for name, word in words.items():
            measured.setdefault(name, Counter())[word] += 1
    return [
        Facet(name, dict(counter.most_common()))
        for name, counter in (told | measured).items()
        if counter
    ]


def _words(value: object) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one) for one in values if one not in (None, "")]
