"""What a repository's file may say, and what its writer is told when it can't be used."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import ConfigError
from config.loader import CONFIG_MAX_BYTES, load
from config.repository import RepositoryConfig


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(text, "quorum.yml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing\n", "\ufeff", "---\n", "review:\n", "review:\n  drafts:\n"]
)
def test_what_is_not_said_is_default(text: str) -> None:
    assert load(text, "quorum.yml") == RepositoryConfig()


def test_values_are_read() -> None:
    config = load("review: {inline_max: 3, experts: [tests]}\nignore: {paths: ['docs/**']}", "quorum.yml")
    assert (config.review.inline_max, config.review.experts, config.ignore.paths) == (
        3,
        ("tests",),
        ("docs/**",),
    )


def test_every_mistake_is_named_in_the_order_of_the_file() -> None:
    text = "reviw: {}\nreview:\n  inline_mx: 9\n  drafts: 1\n  experts:\n    - securty\nignore:\n  titles: ['(a']\n"
    assert problems(text) == [
        "line 1, column 1, `reviw`: is not a key. Did you mean `review`?",
        "line 3, column 3, `review.inline_mx`: is not a key. Did you mean `inline_max`?",
        "line 4, column 3, `review.drafts`: must be true or false.",
        "line 6, column 7, `review.experts[0]`: must be one of 'security', 'quality', 'performance', 'dependency', "
        "'tests' or 'documentation'. Did you mean `security`?",
        "line 8, column 12, `ignore.titles[0]`: unclosed group.",
    ]


def test_large_file_is_not_parsed() -> None:
    assert "at most 65,536 are read" in problems("#" * (CONFIG_MAX_BYTES + 1))[0]


def test_an_alias_bomb_is_refused() -> None:
    bomb = "a: &a [x]\n" + "\n".join(
        f"{b}: &{b} [*{a},*{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "aliases" in problems(bomb)[0]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="review:inlm_ax[]{}-&*!?'\"\n\t 0189#|>\u2028\ud800,", max_size=60))
def test_any_text_is_read_or_explained(text: str) -> None:
    """No text raises anything but ConfigError."""
    with contextlib.suppress(ConfigError):
        load(text, "quorum.yml")
