"""How alike the words of statements are: by the telling words they share, and by the company they keep."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

TEXT_MAX_CHARS = 4_000
COMPANY_MIN = 0.1

_TERM = re.compile(r"[A-Za-z0-9_]{2,}")
_ENDINGS = ("ing", "ed", "es", "s", "ly")
_STEM_MIN_CHARS = 3
_COMMON = frozenset(
    _TERM.findall(
        "the and for are not with this that from into can may should which when use uses used using has have its be to "
        "of in is it an or on as by but if will would any all one than then them they at so does do was were been also "
        "only even"
    )
)

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `documents` texts a term stands."""

    documents: int = 0
    counts: Mapping[str, int] = field(default_factory=dict, repr=False)

    def plus(self, other: Frequencies) -> Frequencies:
        """Both taken together."""
        both = Counter(self.counts)
        both.update(other.counts)
        return Frequencies(self.documents + other.documents, both)

    def rarity(self, term: str) -> float:
        """At least 1: the rarer a term, the more it says."""
        return math.log((1 + self.documents) / (1 + self.counts.get(term, 0))) + 1


def terms(text: str) -> list[str]:
    """The words, identifiers and numbers of `text`, whole, in lower case and without common ones and endings.

    Identifiers are not cut into their parts: on labelled pairs whole ones told issues apart better.
    """
    found = (term.lower() for term in _TERM.findall(text[:TEXT_MAX_CHARS]))
    return [_stem(term) for term in found if term not in _COMMON]


def frequencies(texts: Iterable[str]) -> Frequencies:
    """How common each term is among `texts`."""
    documents, counts = 0, Counter[str]()
    for text in texts:
        documents += 1
        counts.update(set(terms(text)))
    return Frequencies(documents, counts)


def likeness(texts: Sequence[str], known: Frequencies) -> list[list[float]]:
    """How alike any two of `texts` are, 0 to 1, symmetric; `known` says which words are common elsewhere.

    Half of it is the cosine of weighted terms, half of it how alike the two are to the *same* others: two that say one
    thing in different words are both near a third. So the texts of one change belong together in one call.
    """
    common = known.plus(frequencies(texts))
    direct = _cosines([_weighted(terms(text), common) for text in texts])
    company = _cosines([_company(row) for row in direct])
    return [
        [(one + two) / 2 for one, two in zip(*rows, strict=True)]
        for rows in zip(direct, company, strict=True)
    ]


def _stem(term: str) -> str:
    for ending in _ENDINGS:
        if term.endswith(ending) and len(term) - len(ending) >= _STEM_MIN_CHARS:
            return term.removesuffix(ending)
    return term


def _weighted(found: Iterable[str], common: Frequencies) -> dict[str, float]:
    return _unit(
        {term: (1 + math.log(count)) * common.rarity(term) for term, count in Counter(found).items()}
    )


def _company(row: Sequence[float]) -> dict[int, float]:
    return _unit({place: near - COMPANY_MIN for place, near in enumerate(row) if near > COMPANY_MIN})


def _unit(vector: Mapping[Key, float]) -> dict[Key, float]:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {key: value / length for key, value in vector.items()}


def _cosines(vectors: Sequence[Mapping[Key, float]]) -> list[list[float]]:
    """By what holds each key, so that texts without a common term cost nothing."""
    holders: dict[Key, list[tuple[int, float]]] = {}
    for place, vector in enumerate(vectors):
        for key, value in vector.items():
            holders.setdefault(key, []).append((place, value))
    rows = [[0.0] * len(vectors) for _ in vectors]
    for held in holders.values():
        for place, value in held:
            row = rows[place]
            for other, theirs in held:
                row[other] += value * theirs
    return [[min(1.0, value) for value in row] for row in rows]
