"""What a question shows of itself: its kind, its words and pairs of words by rarity, its shape. Plain Python."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import NamedTuple
from zlib import crc32

TEXT_MAX_CHARS = 20_000
_WORD = re.compile(r"\w\w+")
_NEGATION = re.compile(r"\b(?:not|except|never|incorrect|false|least)\b", re.IGNORECASE)
_FORMULA = re.compile(r"[=^\\+*/<>|]")


class Vector(NamedTuple):
    """A sparse vector: places, values, and the sum of the values' squares."""

    places: tuple[int, ...]
    values: tuple[float, ...]
    square: float


@dataclass(frozen=True, slots=True)
class Scales:
    """How much each part may say: the smaller its scale, the more outcomes it takes to be believed."""

    kind: float = 0.3
    words: float = 0.5
    shape: float = 0.1
    shape_of_kind: float = 0.07


class TextFeatures:
    """Questions → vectors of `buckets` places. It counts in how many questions a word was seen."""

    def __init__(self, buckets: int, scales: Scales) -> None:
        self._buckets = buckets
        self._scales = scales
        self._seen = array("L", bytes(array("L").itemsize * buckets))
        self._questions = 0

    def count(self, text: str) -> None:
        """Note the words of one question, once each."""
        self._questions += 1
        for term in set(_terms(text)):
            self._seen[term % self._buckets] += 1

    def vector(self, kind: str, text: str) -> Vector:
        """The features of a question; words that were seen once or never say nothing."""
        of_kind = crc32(kind.encode())
        scales, buckets = self._scales, self._buckets
        cells: dict[int, float] = {0: 1.0, of_kind % buckets: scales.kind}
        for number, value in enumerate(shape(text)):
            _add(cells, crc32(b"shape %d" % number) % buckets, value * scales.shape)
            _add(cells, crc32(b"shape %d" % number, of_kind) % buckets, value * scales.shape_of_kind)
        for term, weight in self._weighted(text):
            _add(cells, term % buckets, weight * scales.words)
        values = tuple(cells.values())
        return Vector(tuple(cells), values, sum(value * value for value in values))

    def _weighted(self, text: str) -> Iterator[tuple[int, float]]:
        """Terms with tf-idf weights, of length one together."""
        weights = {
            term: (1 + log(times)) * (1 + log((1 + self._questions) / (1 + seen)))
            for term, times in Counter(_terms(text)).items()
            if (seen := self._seen[term % self._buckets]) > 1
        }
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return ((term, weight / length) for term, weight in weights.items())


def shape(text: str) -> tuple[float, ...]:
    """Length, lines, length and variety of words, figures, formulas, negations, gaps: each about -2 to 2."""
    words = text.split() or [""]
    chars, lines = max(1, len(text)), text.count("\n") + 1
    digits = sum(map(str.isdigit, text))
    tail = text.rstrip().rsplit("\n", 5)
    lengths = [len(line) for line in tail[1:]] or [0]
    return (
        log(chars) - 5.5,
        log(lines) - 1.8,
        log(1 + max(lengths)) - 3.0,
        log(1 + max(lengths)) - log(1 + sum(lengths) / len(lengths)) - 0.5,
        (chars / len(words) - 6.0) / 1.5,
        len(set(words)) / len(words) * 4 - 3,
        20 * digits / chars - 0.5,
        20 * len(_FORMULA.findall(text)) / chars - 0.3,
        1.5 if _NEGATION.search(text) else -0.5,
        1.5 if "__" in text else -0.5,
        1.0 if "?" in text else -1.0,
    )


def _terms(text: str) -> Iterator[int]:
    hashes = [crc32(word.encode()) for word in _WORD.findall(text[:TEXT_MAX_CHARS].lower())]
    yield from hashes
    for one, other in pairwise(hashes):
        yield (one * 31 + other) & 0xFFFFFFFF


def _add(cells: dict[int, float], place: int, value: float) -> None:
    cells[place] = cells.get(place, 0.0) + value
