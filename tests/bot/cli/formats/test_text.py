"""Findings at a terminal."""

from __future__ import annotations

from dataclasses import replace

from bot.cli.formats.text import text
from tests.workers.github.reviews_by_hand import FINDING, review


def test_layout() -> None:
    assert text(review(findings=(FINDING,)), colour=False) == (
        "src/run.py:12  high  security  Shell call with user input\n"
        "    `name` reaches a shell unquoted.\n"
        "    Fix: Pass a list and leave `shell` out.\n"
        "    [ruff S602, mid-a; confirmed]\n"
        "\n"
        "not fully read: src/other.py: lizard failed\n"
        "note: Analysers that failed: lizard (timed out).\n"
        "blocking: 1 finding blocks the merge.\n"
        "2/3 file(s) read, 6.5 s, repository@bbbbbbb\n"
        "models: 1 call to mid-a, $0.0037 (expected $0.0040); big-a would have cost $0.0400; "
        "80% by evidence, severity, advice and repetition\n"
    )


def test_colours_only_when_asked_for() -> None:
    assert "\x1b[31mhigh" in text(review(), colour=True)
    assert "\x1b" not in text(review(), colour=False)


def test_findings_do_not_steer_the_terminal() -> None:
    hostile = replace(FINDING, title="\x1b[2J\u202eboo", path="a\x1b]0;x\x07.py", description="\x9b31m")
    shown = text(review(findings=(hostile,), notices=("\x1b[1A",), reason="\x1b"), colour=False)
    assert not set("\x1b\x07\x9b\u202e") & set(shown)


def test_a_review_without_models_cost_nothing() -> None:
    assert "models: none was asked, $0" in text(review(calls=()), colour=False)
