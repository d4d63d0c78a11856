"""A repository's own rules for what is written there: told to whoever writes, as data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence

from config.rules.writing import TextRules
from workers.analysis.redaction import make_safe
from workers.experts.questions import as_data
from workers.llm.prompts import load

Patterns = Callable[[Sequence[str], TextRules], Awaitable[Sequence[tuple[str, ...]]]]
"""For each text the patterns that it breaks, as sentences; see `workers.analysis.house.jailed`."""


def told(rules: TextRules, boundary: str) -> str:
    """What is put behind a question to somebody who writes; "" where there are no rules. Secrets are out of it."""
    lines = "\n".join(_lines(rules))
    if not lines:
        return ""
    safe = make_safe([lines], []).prose[0]
    return f"\n\n{load('house.told').fill(boundary=boundary, rules=as_data(safe, boundary))}"


def version(rules: TextRules) -> tuple[str, ...]:
    """The version of the text that tells them; none when nothing is told."""
    return (load("house.told").version,) if next(_lines(rules), "") else ()


def _lines(rules: TextRules) -> Iterator[str]:
    yield from (f"never say: {one}" for one in rules.forbidden_words)
    yield from (f"nothing may match the regular expression: {one}" for one in rules.forbidden_patterns)
    yield from (f"something must match the regular expression: {one}" for one in rules.required_patterns)
    if rules.chars_max:
        yield f"characters in the whole file: at most {rules.chars_max}"
