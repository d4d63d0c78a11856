"""How likely a comment is noise, from its words alone: what it claims, how sure it is of it, what it points at.

Its turns of phrase tell it, too, once what it names is left out: names are one project's, turns are everybody's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

TEXT_MAX_CHARS = 4_000
TEXTS_MAX = 512
"""So many texts' traits are remembered: each finding is weighed several times."""

_WORD = re.compile(r"[a-z0-9_+']+")
_IDENTIFIER = re.compile(r"\b(?:[a-z]+[A-Z]\w{0,99}|[A-Za-z]+_\w{1,99}|\w{1,99}\()")
_ERROR = re.compile(r"\b[A-Z]\w{0,60}(?:Error|Exception)\b")
_OPERATOR = re.compile(r"[=!<>]=|=>|->|&&|\|\|")
_RUN = re.compile(r"`[^`]*`|\w[\w./-]*\(?")
_NAME = re.compile(r"`|[a-z][A-Z]|_|\w[./]\w|\($")
_FIGURE = re.compile(r"\b\d{1,60}\b")
_SPOKEN = re.compile(r"[a-z']+|[#@]")
_ENDINGS = ("ing", "ed", "es", "s", "ly")
_STEM_MIN_CHARS = 3

_VOCABULARY: Mapping[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in {
        "failure": "crash crashes exception raise raises throws throw error errors fail fails failing failure break "
        "breaks broken panic undefined none null nan nil",
        "wrongness": "wrong incorrect incorrectly invalid inverted mismatch stale bypass bypasses bypassing lost "
        "overwrite overwrites overwritten corrupt corrupts corrupting race duplicate duplicates",
        "certainty": "will always never causes cause causing breaks fails",
        "contrast": "instead rather but",
        "negation": "not never cannot doesn't isn't without",
        "consequence": "when if because since so therefore resulting results leads",
        "logic": "condition logic comparison operator boundary off compare compares compared",
        "concurrency": "async await promise foreach concurrent concurrency atomic race awaited",
        "letter case": "case lowercase uppercase sensitive insensitive",
        "hedging": "may might could potentially possible possibly consider perhaps seems likely risk risks risky maybe",
        "asking to check": "should recommend suggest ensure add verify confirm please must clarify",
        "tests": "test tests coverage tested testing untested",
        "documents": "comment comments docstring documentation docs readme changelog jsdoc documented describe",
        "style": "naming name rename renamed typo readability duplicated duplication hardcoded magic consistent "
        "inconsistent inconsistency unused dead redundant lint style format formatting imports refactor complexity "
        "maintainability cleaner clean verbose",
        "speed": "performance slow n+1 inefficient memory latency scalability unbounded",
        "attack": "security injection xss ssrf csrf leak leaks exposes attacker vulnerability authorization timing",
        "absence": "missing lacks lack no",
        "handling": "validation validate sanitize check handling handle graceful gracefully",
        "logging": "log logging logs logged",
        "patience": "timeout timeouts retry retries rate",
        "types": "type types typed typing any cast",
        "interface": "ui ux accessibility aria label toast loading translation translations i18n locale",
        "schema": "schema migration migrations index foreign constraint constraints cascade backward "
        "compatibility deploy",
        "praise": "good great nice well excellent lgtm looks thanks",
    }.items()
}

MANNER = frozenset(
    {
        "certainty",
        "contrast",
        "negation",
        "consequence",
        "hedging",
        "asking to check",
        "length",
        "identifiers",
        "identifiers per word",
        "quoted code",
        "named error",
        "operators",
        "question",
        "opens with what is absent",
    }
)
"""Traits of how it is said. What it is about (security, speed, tests …) differs too much from project to project."""


@dataclass(frozen=True, slots=True)
class NoiseModel:
    """What each trait adds to the log-odds of being noise, and each phrase.

    `turns` are weights of what `phrases` finds; the more of them a text holds, the less each of them counts.
    """

    intercept: float
    weights: Mapping[str, float]
    turns: Mapping[str, float] = field(default_factory=dict, repr=False)

    def score(self, text: str) -> float:
        """The probability, 0 to 1, that a comment with this text is noise."""
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, self.log_odds(text)))))

    def log_odds(self, text: str) -> float:
        """The same as log-odds, so that other signs can be added."""
        manner = sum(self.weights.get(name, 0.0) * value for name, value in traits(text).items())
        return self.intercept + manner + self._of_turns(text)

    def _of_turns(self, text: str) -> float:
        found = [self.turns[phrase] for phrase in phrases(text) if phrase in self.turns] if self.turns else []
        return math.fsum(found) / math.sqrt(len(found) or 1)


@lru_cache(maxsize=TEXTS_MAX)
def traits(text: str) -> Mapping[str, float]:
    """Name and size of each trait of a comment, all of them in the same order for every text."""
    text = text[:TEXT_MAX_CHARS]
    words = _WORD.findall(text.lower())
    return {**_spoken(words), **_shape(text, words)}


def _spoken(words: list[str]) -> dict[str, float]:
    """Whether a vocabulary is used at all: a second word of it says little more than the first."""
    used = frozenset(words)
    return {name: float(not used.isdisjoint(vocabulary)) for name, vocabulary in _VOCABULARY.items()}


def _shape(text: str, words: list[str]) -> dict[str, float]:
    """How long and how specific."""
    named = set(_IDENTIFIER.findall(text))
    return {
        "length": math.log(len(words) + 1),
        "identifiers": math.log(len(named) + 1),
        "identifiers per word": len(named) / (len(words) + 1),
        "quoted code": float("`" in text),
        "figures": float(any(letter.isdigit() for letter in text)),
        "named error": float(_ERROR.search(text) is not None),
        "operators": float(_OPERATOR.search(text) is not None),
        "path": float("/" in text),
        "question": float("?" in text),
        "word length": sum(map(len, words)) / (len(words) or 1),
        "opens with what is absent": float(words[:1] in (["missing"], ["no"], ["add"], ["consider"])),
    }


@lru_cache(maxsize=TEXTS_MAX)
def phrases(text: str) -> frozenset[str]:
    """The words of a comment and every two in a row, without endings; `@` is anything named, `#` any number."""
    plain = _FIGURE.sub("#", _RUN.sub(_plain, text[:TEXT_MAX_CHARS])).lower()
    words = [_stem(word) for word in _SPOKEN.findall(plain)]
    return frozenset(words).union(map(" ".join, pairwise(words)))


def _plain(run: re.Match[str]) -> str:
    return " @ " if _NAME.search(run[0]) else run[0]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM_MIN_CHARS:
            return word.removesuffix(ending)
    return word
