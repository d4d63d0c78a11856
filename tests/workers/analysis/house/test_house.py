"""A repository's own rules, held against texts; patterns are tried where they can hold nobody up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from config.rules.writing import TextRules
from workers.analysis.house import plain
from workers.analysis.house.jailed import LIMITS, UNTRIED, patterns
from workers.analysis.process import Finished
from workers.analysis.sandbox import JailLimits, Sandbox

RULES = TextRules(
    sections=("Usage", "How it ends"),
    forbidden_words=("simply", "click here", "C++"),
    chars_max=60,
)
SLOW = r"(?:.{0,60}){0,60}\pL\dQ"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# usage: How it ends\nSimplycity, C+++x", ["C++"]),
        ("Usage\nHow it ends\nIt SIMPLY works.", ["Line 3 says “simply”"]),
        ("Usage. Click\nhere? How it ends. click here", ["Line 2 says “click here”"]),
        ("Usages", ["no section “Usage”", "no section “How it ends”"]),
        ("Usage How it ends" + "." * 60, ["77 characters; at most 60"]),
        ("", ["no section “Usage”", "no section “How it ends”"]),
    ],
)
def test_words_sections_and_length_are_told(text: str, said: list[str]) -> None:
    found = [why for check in (plain.length, plain.sections, plain.words) for why in check(text, RULES)]
    assert [word in why for word, why in zip(said, found, strict=True)] == [True] * len(said)


def test_without_rules_nothing_is_said() -> None:
    assert not [*plain.length("x", TextRules()), *plain.sections("", TextRules())]


async def test_patterns_are_tried_on_every_text(sandbox: Sandbox) -> None:
    rules = TextRules(forbidden_patterns=(r"(?i)todo", r"a\nb"), required_patterns=(r"^# ",))
    found = await patterns(["# fine", "x\na\nb Todo", ""], rules, sandbox=sandbox)
    missing = "Nothing in it matches `^# `, which is wanted here."
    assert found == (
        (),
        ("Line 3 matches `(?i)todo`, which is forbidden here.", r"It matches `a\nb`, which is forbidden here.", missing),
        (missing,),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ended:
    """A sandbox in which every child is ended in the middle of its answer, or never starts."""

    said: bytes | None
    isolation: str = "reduced"
    executes_code: bool = False

    async def run(self, *_: object, limits: JailLimits, **more: object) -> Finished:
        if self.said is None:
            raise OSError
        return Finished(-9, self.said, b"", limits.wall_s, self.isolation, "timeout")


async def test_a_pattern_that_takes_too_long_is_named_and_what_was_not_tried_is_not_passed() -> None:
    rules = TextRules(forbidden_patterns=("b", SLOW))
    first, second = await patterns(["ab", "b"], rules, sandbox=Ended(b"1\n-"))
    late = "The pattern `{}` could not be tried within 5 s."
    assert first == ("Line 1 matches `b`, which is forbidden here.", late.format(SLOW))
    assert second == (late.format("b"),)


async def test_a_slow_pattern_holds_nobody_up(sandbox: Sandbox) -> None:
    quick = replace(LIMITS, wall_s=0.5)
    (said,) = await patterns(
        ["ab " * 8_000], TextRules(forbidden_patterns=(SLOW,)), sandbox=sandbox, limits=quick
    )
    assert said == (f"The pattern `{SLOW}` could not be tried within 0.5 s.",)


async def test_where_no_child_can_start_nothing_passes() -> None:
    assert await patterns(["a"], TextRules(forbidden_patterns=("b",)), sandbox=Ended(None)) == ((UNTRIED,),)
    assert await patterns(["a"], TextRules(), sandbox=Ended(None)) == ((),)
