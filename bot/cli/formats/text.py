"""Findings for people at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from bot.cli.formats.asked import asked
from bot.cli.formats.gaps import gaps
from workers.domain.finding import Finding, Severity, State
from workers.domain.hidden import HIDDEN
from workers.domain.review import Review
from workers.github.prose import parted

WIDTH_CHARS = 100
INDENT = "    "

_COLOURS = {Severity.CRITICAL: "1;31", Severity.HIGH: "31", Severity.MEDIUM: "33", Severity.LOW: "36"}


def text(review: Review, *, colour: bool) -> str:
    """One block a finding (path:line, severity, aspect, title, why, fix), then what nobody read, and what it cost."""
    blocks = [_finding(finding, colour) for finding in review.findings]
    unread = map(_flat, gaps(review.coverage))
    return "\n\n".join([*blocks, "\n".join([*unread, *_footer(review)])]) + "\n"


def _finding(finding: Finding, colour: bool) -> str:
    severity = (
        f"\x1b[{_COLOURS[finding.severity]}m{finding.severity}\x1b[0m" if colour else str(finding.severity)
    )
    where = f"{finding.path}:{finding.line}" if finding.line else finding.path
    title = f"\x1b[1m{_inert(finding.title)}\x1b[0m" if colour else _inert(finding.title)
    lines = [f"{_plain(where)}  {severity}  {finding.aspect}  {title}", *_wrapped(finding.description)]
    lines += _wrapped(f"Fix: {finding.recommendation}") if finding.recommendation.strip() else []
    return "\n".join([*lines, f"{INDENT}[{_plain(_found_by(finding))}]"])


def _found_by(finding: Finding) -> str:
    names = ", ".join(map(str, finding.sources)) or "unnamed source"
    return names if finding.state is State.SINGLE else f"{names}; {finding.state}"


def _footer(review: Review) -> Iterator[str]:
    yield from (f"note: {parted(_flat(notice))}" for notice in review.notices)
    read = sum(entry.omitted is None for entry in review.coverage)
    yield f"{review.verdict}: {parted(_flat(review.reason))}"
    yield f"{read}/{len(review.coverage)} file(s) read, {review.seconds:.1f} s, {_flat(review.config_origin)}"
    yield from (_plain(line).replace("\n", " ") for line in asked(review))


def _wrapped(said: str) -> list[str]:
    width = WIDTH_CHARS - len(INDENT)
    paragraphs = (
        textwrap.wrap(_inert(line), width, break_long_words=False) for line in said.strip().split("\n")
    )
    return [INDENT + line for lines in paragraphs for line in lines]


def _flat(said: str) -> str:
    return " ".join(_plain(said).split())


def _plain(said: str) -> str:
    """Text that can't steer the terminal or reorder its neighbours."""
    return HIDDEN.sub("\ufffd", said.replace("\r", "\ufffd").replace("\t", "    "))


def _inert(said: str) -> str:
    """What models and strangers say: it calls nobody, where it is pasted."""
    return parted(_plain(said))
