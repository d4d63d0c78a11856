"""Turns of phrase in which models say something that is no finding: whole words, found without patterns."""

from __future__ import annotations

import re

TEXT_MAX_CHARS = 4_000
_WORD = re.compile(r"[a-z0-9']+")
_KINDS_MAX = 3

_PRAISE = """
good job, good work, good use, good practice, good call, good to see, great job, great work, great use, great to see,
nice work, nice job, nice use, nice touch, nice refactoring, nice clean, well done, well written, well structured,
well tested, looks good, looks great, looks fine, lgtm, excellent, fantastic, wonderful, kudos, impressive, thanks,
thank you
"""
_NOTHING = "nothing to report, no changes needed, no action needed"
_DEFECTS = """
issue, problem, defect, bug, vulnerability, concern, issues, problems, defects, bugs, vulnerabilities, concerns
"""
_AFTER_DEFECTS = "found, detected, identified, seen, observed, present, here, were, was, at, in, with, to"
_NO_ADVICE = """
none, n a, nothing, not applicable, no action, no action needed, no action required, no change needed, keep it,
no changes needed, no changes required, no recommendation, keep as is
"""
_OF_ITSELF = """
my instructions, my system prompt, my prompt, my guidelines, instructions i was given, i was instructed, i was told,
i was asked, i am asked, i'm asked, as an ai, as a language model, i cannot review, i can't review,
i could not review, i am unable to, i'm unable to, i have no access
"""


def _spoken(text: str) -> str:
    """The words of `text` in lower case with a space around each, so that phrases are found whole."""
    return f" {' '.join(_WORD.findall(text[:TEXT_MAX_CHARS].lower().replace('’', chr(39))))} "


def opens_with_praise(text: str) -> bool:
    """Whether its first words praise."""
    return _spoken(text).startswith(_phrases(_PRAISE))


def finds_nothing(text: str) -> bool:
    """Whether it opens with "no issues found", with up to three words for their kind between.

    Not with "no bug tracker": what follows must not make it another thing.
    """
    first, *rest = _spoken(text).split() or [""]
    defects = _phrases(_DEFECTS)
    at = next((at for at, word in enumerate(rest[: _KINDS_MAX + 1]) if f" {word} " in defects), None)
    if first != "no" or at is None:
        return _spoken(text).startswith(_phrases(_NOTHING))
    return at + 1 == len(rest) or f" {rest[at + 1]} " in _phrases(_AFTER_DEFECTS)


def declines(text: str) -> bool:
    """Whether the whole of it says that nothing is to be done."""
    return _spoken(text) in _phrases(_NO_ADVICE)


def speaks_of_itself(text: str) -> bool:
    """In the first person, outside quotes: a change that gives orders to reviewers is a finding, and is quoted."""
    said = _spoken(_unquoted(text))
    return any(phrase in said for phrase in _phrases(_OF_ITSELF))


def _phrases(told: str) -> tuple[str, ...]:
    return tuple(f" {' '.join(phrase.split())} " for phrase in told.split(","))


def _unquoted(text: str) -> str:
    for mark in ("`", '"'):
        text = " ".join(text.split(mark)[::2])
    return text
