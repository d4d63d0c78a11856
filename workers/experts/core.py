"""Which of the lines that a finding quotes it is about: those that its words name. Models quote neighbours, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from workers.analysis.quoting import PART_MIN_CHARS, squeezed
from workers.domain.finding import Finding
from workers.experts.telling_words import words

LINES_MAX = 40
"""Of a longer quote every line counts."""
WORDS_MAX = 100
WORD_MAX_CHARS = 40
SAID_MAX_CHARS = 4_000
PREFIX_MIN_CHARS = 4
"""`hash` in words means `hashlib` in code; three letters begin too much."""

STATEMENT_MAX_LINES = 6
STEM_CHARS = 5
"""`verification` means `verify`."""

_NAME = re.compile(r"[A-Za-z]+\d*")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def core(finding: Finding, lines: Sequence[str]) -> frozenset[int]:
    """The places (from 0) in `lines`, which it quotes, that its words point at; all of them if they point at none."""
    pointed = pointed_at(finding, lines)
    return pointed or frozenset(range(len(lines)))


def pointed_at(finding: Finding, lines: Sequence[str]) -> frozenset[int]:
    """The places of the lines that share the most words with what is said of them; none if no line shares one."""
    meant = _meant(finding, lines)
    counts = _own(meant)
    if not any(counts):  # what stands in every line points at none more than at others
        counts = [len(words) for words in meant]
    most = max(counts, default=0)
    return frozenset(at for at, count in enumerate(counts) if most and 2 * count >= most)


def most_pointed_at(finding: Finding, lines: Sequence[str]) -> frozenset[int]:
    """The places of the lines that most words point at, of those that not all lines share; none if all are shared."""
    counts = _own(_meant(finding, lines))
    most = max(counts, default=0)
    return frozenset(at for at, count in enumerate(counts) if most and count == most)


def _meant(finding: Finding, lines: Sequence[str]) -> list[frozenset[str]]:
    """The words of each line that say what is said; nothing of more lines than LINES_MAX."""
    if len(lines) > LINES_MAX:
        return []
    said = _said(finding)
    begun = frozenset(word[:size] for word in said for size in range(PREFIX_MIN_CHARS, len(word) + 1))
    return [frozenset(word for word in _names([line]) if _means(word, said, begun)) for line in lines]


def _own(meant: Sequence[frozenset[str]]) -> list[int]:
    """How many words of each are not in all of them."""
    common = frozenset.intersection(*meant) if meant else frozenset()
    return [len(words - common) for words in meant]


def _said(finding: Finding) -> frozenset[str]:
    rules = " ".join(source.rule for source in finding.sources)
    text = f"{finding.rule.rpartition('/')[2]} {rules} {finding.title} {finding.description}"[:SAID_MAX_CHARS]
    return frozenset(sorted(_names(text.split("\n")) | words(text))[:WORDS_MAX])


def _means(word: str, said: frozenset[str], begun: frozenset[str]) -> bool:
    """Whether a name of code is said, or its beginning is, or it is put together with what was said: `datetime`."""
    if word in said or word in begun or word[:STEM_CHARS] in begun:
        return True
    return any(len(part) >= PREFIX_MIN_CHARS and part in word for part in said)


def _names(lines: Iterable[str]) -> frozenset[str]:
    """Names and their parts, in lower case: `verifyToken2` is also `verify` and `token`."""
    found: set[str] = set()
    for line in lines:
        for name in _NAME.findall(line[:SAID_MAX_CHARS]):
            found.add(name[:WORD_MAX_CHARS].lower())
            found |= {part[:WORD_MAX_CHARS].lower() for part in _PART.findall(name)}
    return frozenset(telling for word in found for telling in words(word))


def telling_line(text: str) -> bool:
    """Whether a line says enough to be what somebody speaks of."""
    return len(squeezed(text)) >= PART_MIN_CHARS


def statement_end(first: int, last: int, lines: Sequence[str]) -> int:
    """The last line of the call that lines `first..last` (from 1) begin; `last` if they close all that they open."""
    depth = 0
    for number in range(first, min(last + STATEMENT_MAX_LINES, len(lines)) + 1):
        text = lines[number - 1]
        depth += sum(text.count(char) for char in "([{") - sum(text.count(char) for char in ")]}")
        if number >= last and depth <= 0:
            return number
    return last
