"""Findings for people at a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from bot.cli.formats.asked import asked
from workers.domain.finding import Finding, Severity, State
from workers.domain.review import Review

WIDTH_CHARS = 100
INDENT = "    "

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_COLOURS = {Severity.CRITICAL: "1;31", Severity.HIGH: "31", Severity.MEDIUM: "33", Severity.LOW: "36"}


def text(review: Review, *, colour: bool, more: Iterable[str] = ()) -> str:
    """One block a finding (path:line, severity, aspect, title, why, fix), then what was read and what it cost.

    `more` are lines to stand before the last ones.
    """
    blocks = [_finding(finding, colour) for finding in review.findings]
    return "\n\n".join([*blocks, "\n".join([*map(_flat, more), *_footer(review)])]) + "\n"


def _finding(finding: Finding, colour: bool) -> str:
    severity = (
        f"\x1b[{_COLOURS[finding.severity]}m{finding.severity}\x1b[0m" if colour else str(finding.severity)
    )
    where = f"{finding.path}:{finding.line}" if finding.line else finding.path
    title = f"\x1b[1m{_plain(finding.title)}\x1b[0m" if colour else _plain(finding.title)
    lines = [f"{_plain(where)}  {severity}  {finding.aspect}  {title}", *_wrapped(finding.description)]
    lines += _wrapped(f"Fix: {finding.recommendation}") if finding.recommendation.strip() else []
    return "\n".join([*lines, f"{INDENT}[{_plain(_found_by(finding))}]"])


def _found_by(finding: Finding) -> str:
    names = ", ".join(map(str, finding.sources)) or "unnamed source"
    return names if finding.state is State.SINGLE else f"{names}; {finding.state}"


def _footer(review: Review) -> Iterator[str]:
    yield from (f"note: {_flat(notice)}" for notice in review.notices)
    read = sum(entry.omitted is None for entry in review.coverage)
    yield f"{review.verdict}: {_flat(review.reason)}"
    yield f"{read}/{len(review.coverage)} file(s) read, {review.seconds:.1f} s, {_flat(review.config_origin)}"
    yield from (_plain(line).replace("\n", " ") for line in asked(review))


def _wrapped(said: str) -> list[str]:
    width = WIDTH_CHARS - len(INDENT)
    paragraphs = (
        textwrap.wrap(_plain(line), width, break_long_words=False) for line in said.strip().split("\n")
    )
    return [INDENT + line for lines in paragraphs for line in lines]


def _flat(said: str) -> str:
    return " ".join(_plain(said).split())


def _plain(said: str) -> str:
    """Text that can't steer the terminal or reorder its neighbours."""
    return _CONTROL.sub("\ufffd", said.replace("\t", "    "))
