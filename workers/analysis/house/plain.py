"""Rules about texts that cost nothing to hold: forbidden words, required sections, greatest length."""

from __future__ import annotations

from collections.abc import Iterator

from config.rules.writing import TextRules


def words(text: str, rules: TextRules) -> Iterator[str]:
    """A sentence for each forbidden word of `text`; capitals don't matter, parts of longer words don't count."""
    folded = text.casefold()
    for word in rules.forbidden_words:
        at = _at(folded, word.casefold())
        if at >= 0:
            yield f"Line {folded.count(chr(10), 0, at) + 1} says “{word}”, which is not to be said here."


def length(text: str, rules: TextRules) -> Iterator[str]:
    """A sentence about a text that is too long."""
    if rules.chars_max and len(text) > rules.chars_max:
        yield f"It has {len(text):,} characters; at most {rules.chars_max:,} are allowed here."


def sections(text: str, rules: TextRules) -> Iterator[str]:
    """A sentence for each section whose name stands nowhere in `text`, which has no headings to tell them by."""
    folded = text.casefold()
    missing = (name for name in rules.sections if _at(folded, name.casefold()) < 0)
    yield from (f"It has no section “{name}”, which is wanted here." for name in missing)


def _at(text: str, word: str) -> int:
    """Where `word` stands in `text` by itself, -1 for nowhere."""
    at = text.find(word)
    while at >= 0:
        before, after = text[max(0, at - 1) : at], text[at + len(word) : at + len(word) + 1]
        if not (_joins(before, word[:1]) or _joins(word[-1:], after)):
            return at
        at = text.find(word, at + 1)
    return -1


def _joins(left: str, right: str) -> bool:
    """Whether two signs are of one word."""
    return left.isalnum() and right.isalnum()
