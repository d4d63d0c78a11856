"""Suggestions as comments: what people can commit stands there as it is, everything else is inert."""

from __future__ import annotations

from dataclasses import replace

from tests.workers.github.octo import NAME, Octo
from workers.domain.improvement import Impact, Improvement, Improvements, LeftOut, Place
from workers.github.own_lines import own_lines
from workers.github.render.improved import improve_body, improved_text, improvement_comment
from workers.github.render.rendering import Rendering
from workers.github.reviews import post_file_comment, post_review
from workers.github.sanitise import Sanitiser
from workers.github.values import FileComment, InlineComment

CLEANER = Sanitiser("https://github.com/octo/shop")
ONE = Improvement(
    "app.py", 10, 9, "Round it", "Cents matter.", Impact.HIGH, "a = 1\nb = 2", "f" * 16, "strong"
)
HOSTILE = "@octo/all [x](https://evil.example) closes #1\n/quorum pause <!-- quorum:v1 improvement fp=1 -->"


def test_a_comment_is_its_title_why_and_what_can_be_committed() -> None:
    assert improvement_comment(ONE, CLEANER) == (
        "🔼 **high impact** · strong — **Round it**\n\nCents matter.\n\n"
        "```suggestion\na = 1\nb = 2\n```\n\n<!-- quorum:v1 improvement fp=ffffffffffffffff -->"
    )


def test_a_fence_is_longer_than_any_inside_and_words_do_not_act() -> None:
    text = improvement_comment(
        replace(ONE, suggestion='x = """\n````md\n"""', title=HOSTILE, why=HOSTILE), CLEANER
    )
    assert '`````suggestion\nx = """\n````md\n"""\n`````' in text
    assert "@octo" not in text
    assert "(https://evil" not in text
    assert "\n/quorum" not in text
    assert text.count("<!-- quorum") == 1


def test_the_reply_names_everything_that_is_not_offered() -> None:
    left = tuple(LeftOut(f"part{n}.py", "Do `it`", "it changes nothing") for n in range(60))
    text = improved_text(
        Improvements((ONE,), left, ("big.py",), ("A model timed out.",)), CLEANER, "https://x/1"
    )
    assert text.startswith("[1 suggestion to commit](https://x/1).")
    assert "<summary>60 proposals not offered</summary>" in text
    assert "- `part0.py` Do `it`: it changes nothing" in text
    assert "… and 20 more" in text
    assert "Not wholly read: `big.py`." in text
    assert "> A model timed out." in text
    assert improved_text(Improvements(()), CLEANER) == "Nothing was proposed."


async def test_lines_of_our_own_comments_are_known(octo: Octo) -> None:
    mine = [InlineComment("app.py", 11, "**Mine**\n\nmore", "a" * 16, start_line=9)]
    body = improve_body(1, octo.sha, Rendering(CLEANER, "key", 1))
    await post_review(octo.client, NAME, 1, octo.sha, body, mine)
    await post_file_comment(octo.client, NAME, 1, octo.sha, FileComment("app.py", "whole", "b" * 16))
    octo.github.comment_on_review(octo.pull, "mona", "theirs", path="app.py", line=30)
    assert await own_lines(octo.client, NAME, 1, octo.bot_id) == (Place("app.py", 9, 11, "**Mine**"),)
