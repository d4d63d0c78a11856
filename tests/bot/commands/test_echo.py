"""A stranger's words are shown short, plain and inside their code span."""

from __future__ import annotations

import pytest

from bot.commands.echo import ECHO_MAX_CHARS, quoted, visible


@pytest.mark.parametrize(
    "hidden",
    [
        "\x00",
        "\x1b",
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\U000e0041",
        "\U000e0100",
        "\ud800",
        "\u3164",
    ],
)
def test_what_cannot_be_seen_is_left_out(hidden: str) -> None:
    assert visible(f"re{hidden}view{hidden}") == "review"


def test_words_are_apart_by_one_blank() -> None:
    assert visible("  why\t\u00a0is \u2028 it ") == "why is it"


def test_letters_of_any_script_stay() -> None:
    assert visible("Grüße, 世界 👋 שלום") == "Grüße, 世界 👋 שלום"


def test_nothing_ends_the_code_span() -> None:
    assert quoted("a`b``c") == "`a'b''c`"


def test_an_echo_is_short() -> None:
    assert quoted("x" * 100) == f"`{'x' * (ECHO_MAX_CHARS - 1)}…`"
    assert quoted("x" * ECHO_MAX_CHARS) == f"`{'x' * ECHO_MAX_CHARS}`"
