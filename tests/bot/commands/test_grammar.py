"""Which comments are commands, and which only look like some."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.arguments import NO_OPTIONS
from bot.commands.grammar import LINE_MAX_CHARS, Spoken, parse
from config.commands import ARGUMENTS_MAX_CHARS, COMMANDS

PROBLEM_MAX_CHARS = 300
PIECES = (
    "/quorum", "/QUORUM", "/review", "/quorums", "review", "revew", "full", "ask", "docs", "help", "dismiss", " ", "\t",
    "    ", "\n", "\r\n", "\r", "> ", "```", "~~~", "<!--", "-->", "--model=x", "key=value", "../a", "`", "@mona", "\x00",
    "\u200b", "\u202e", "\u2028", "\x85", "\ufeff", "\ud800", "\U000e0041", "世界", "x" * 50, "#1", "/", "//", "😀",
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_known_with_and_without_its_prefix(name: str) -> None:
    words = "words" if COMMANDS[name].needed else ""
    assert parse(f"/quorum {name} {words}") == Spoken(name, words)
    assert parse(f"/{name} {words}") == Spoken(name, words, bare=True)


@pytest.mark.parametrize(
    "body",
    [
        "/quorum review full",
        "/Quorum REVIEW Full",
        "   /quorum review full",
        "\n \r\n\t\n/quorum review full\r\nbecause of this",
        "/quorum\treview  full  ",
        "/quorum review full\rmore",
        "/quorum review <!-- hidden --> full <!-- open",
        "/quorum re\u200bview full\u202e",
    ],
)
def test_a_command_may_be_written_like_this(body: str) -> None:
    assert parse(body) == Spoken("review", "full")


@pytest.mark.parametrize(
    "body", ["/quorum", "/quorum  ", " /QUORUM\n\nreview", "/quorum <!-- x -->", "/quorum \u200b"]
)
def test_alone_it_asks_for_help(body: str) -> None:
    assert parse(body) == Spoken("help")


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n ",
        "/",
        "Please\n/quorum review",
        "please /quorum review",
        "> /quorum review",
        "> quoted\n\n/quorum review",
        "```\n/quorum review\n```",
        "~~~\n/quorum review\n~~~",
        "`/quorum review`",
        "    /quorum review",
        "\t/quorum review",
        " \t/quorum review",
        "\n     /quorum review",
        "\u00a0/quorum review",
        "\u2028/quorum review",
        "<!-- /quorum review -->",
        "<!--\n/quorum review\n-->",
        "<!-- x --> /quorum review",
        "- /quorum review",
        "\\/quorum review",
        "//quorum review",
        "/quorums review",
        "/quorum-foo",
        "/quorum:review",
        "/quorum/review",
        "/quo\u200brum review",
        "/\u200bquorum review",
        "/ quorum review",
        "@bot review",
        "@quorum review",
        "/coderabbit review",
        "/rebase",
        "/docs/index.md is wrong",
        "/reviewer",
        "quorum review",
    ],
)
def test_this_is_no_command(body: str) -> None:
    assert parse(body) is None


@pytest.mark.parametrize(
    ("word", "more"),
    [
        ("revew", " Did you mean `review`?"),
        ("REVEW", " Did you mean `review`?"),
        ("zzz", ""),
        ("--model=x", f" {NO_OPTIONS}"),
    ],
)
def test_an_unknown_command_is_explained(word: str, more: str) -> None:
    said = f"There is no command `{word}`.{more} `/quorum help` lists them."
    assert parse(f"/quorum {word} full") == Spoken("", problem=said)


def test_wrong_arguments_keep_the_name_and_are_not_handed_on() -> None:
    said = "`/quorum pause` takes nothing more, not `now`."
    assert parse("/quorum pause now") == Spoken("pause", problem=said)
    assert parse("/pause now") == Spoken("pause", problem=said, bare=True)


def test_what_is_said_back_cannot_leave_its_code_span() -> None:
    spoken = parse("/quorum a`@mona`<img>\u202e")
    assert spoken is not None
    assert spoken.problem.startswith("There is no command `a'@mona'<img>`.")


def test_a_line_that_is_too_long_is_not_cut_into_another_command() -> None:
    blanks = " " * LINE_MAX_CHARS
    said = "A command's line has at most 4,000 characters."
    assert parse(f"/quorum review{blanks}full") == Spoken("", problem=said)
    assert parse(f"/review{blanks}full") is None


def test_what_follows_in_other_lines_may_be_long() -> None:
    assert parse(f"/quorum review\n{'x' * 300_000}") == Spoken("review")


def holds(body: str) -> None:
    spoken = parse(body)
    if spoken is None:
        return
    assert spoken.name in COMMANDS or (spoken.problem and not spoken.bare)
    assert not (spoken.problem and spoken.arguments)
    assert len(spoken.arguments) <= ARGUMENTS_MAX_CHARS
    assert len(spoken.problem) <= PROBLEM_MAX_CHARS
    assert spoken.problem.count("`") % 2 == 0
    (spoken.arguments + spoken.problem).encode()  # storable: no lone surrogate
    assert "\x00" not in spoken.arguments + spoken.problem


@given(st.text(st.characters(), max_size=200), st.sampled_from(["", "/quorum ", "/quorum docs ", "/ask "]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_command_or_none(text: str, start: str) -> None:
    holds(start + text)


def test_any_mixture_of_what_commands_are_made_of_is_a_command_or_none() -> None:
    chance = random.Random(1)
    for _ in range(3_000):
        start = chance.choice(("", "", "/quorum ", "\n  /quorum "))
        holds(start + "".join(chance.choices(PIECES, k=chance.randint(0, 12))))


@pytest.mark.parametrize("piece", [" ", "\n", "\r\n", "<!--", "/quorum ", "`", "\u200b", "世", "-->"])
def test_a_long_comment_takes_no_time(piece: str) -> None:
    began = time.perf_counter()
    for start in ("", "/quorum ", "/quorum ask "):
        parse(start + piece * 60_000)
    assert time.perf_counter() - began < 0.5
