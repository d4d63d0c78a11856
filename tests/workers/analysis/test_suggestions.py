"""A suggestion is fitted into its file, and one that breaks it is known before it is offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.suggestions import (
    BREAKS,
    DRAFTS_MAX,
    FILE_MAX_CHARS,
    NO_PARSER,
    TOO_LARGE,
    TOO_MANY,
    Draft,
    applied,
    changes,
    fitted,
    objections,
)

PYTHON = "def run(command):\n    if command:\n        call(command)\n    return 0\n"
TABS = "func run() {\n\tif x {\n\t\tcall(x)\n\t}\n}\n"


@pytest.mark.parametrize(
    ("text", "first", "last", "suggestion", "expected"),
    [
        (PYTHON, 3, 3, "        call([command])\n", "        call([command])"),
        (PYTHON, 3, 3, "call([command])", "        call([command])"),
        (PYTHON, 3, 3, "```python\n        call([command])\n```", "        call([command])"),
        (PYTHON, 2, 3, "if not command:\n    return 1", "    if not command:\n        return 1"),
        (PYTHON, 2, 3, "if not command:\n        return 1", "    if not command:\n        return 1"),
        (PYTHON, 3, 3, "    call([command])", "    call([command])"),
        (PYTHON, 4, 4, "return call(\n        command,\n    )", "    return call(\n        command,\n    )"),
        (PYTHON, 3, 4, "    call()\nreturn 1", "        call()\n    return 1"),
        (PYTHON + "\n\nx = 1\n", 4, 7, "return 1\n\n\nx = 2", "    return 1\n\n\nx = 2"),
        (PYTHON, 1, 1, "def run(words):", "def run(words):"),
        (PYTHON, 4, 4, "done()\n    return 0", "    done()\n    return 0"),
        (PYTHON, 3, 3, "\t\tcall([command])", "        call([command])"),
        (TABS, 2, 3, "    if y {\n        call(y)", "\tif y {\n\t\tcall(y)"),
        (TABS, 2, 3, "if y {\n    call(y)", "\tif y {\n\t\tcall(y)"),
        (PYTHON, 3, 3, "        call([command])\r\n", "        call([command])"),
    ],
)
def test_a_suggestion_is_written_like_its_surroundings(
    text: str, first: int, last: int, suggestion: str, expected: str
) -> None:
    assert fitted(suggestion, text, first, last) == expected


def test_a_committed_suggestion_has_the_line_ends_of_its_file() -> None:
    assert applied("x\ny", "a\r\nb\r\nc\r\n", 2, 2) == "a\r\nx\r\ny\r\nc\r\n"


def test_other_blanks_at_the_ends_are_no_change() -> None:
    assert not changes("    return 0  ", PYTHON, 4, 4)


LINES = st.lists(st.text(alphabet="ab \t", max_size=4), min_size=1, max_size=6)


@given(LINES, LINES, st.data())
def test_only_the_replaced_lines_change(text: list[str], other: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(text)))
    last = data.draw(st.integers(first, len(text)))
    after = applied("\n".join(other), "\n".join(text), first, last).split("\n")
    assert after == [*text[: first - 1], *other, *text[last:]]


def draft(path: str, before: str, after: str) -> Draft:
    return Draft(path, before, after)


async def test_what_breaks_the_parse_is_refused_and_what_does_not_is_offered(sandbox: Sandbox) -> None:
    good = PYTHON.replace("call(command)", "call([command])")
    drafts = [
        draft("a.py", PYTHON, good),
        draft("a.py", PYTHON, PYTHON.replace("call(command)", "call(command")),
        draft("a.py", PYTHON, PYTHON.replace("    return 0", "  return 0")),
        draft("a.go", f"package a\n{TABS}", f"package a\n{TABS}}}"),
        draft("a.js", "function f() { return 1 }", "function f() { return 1 "),
        draft("a.py", "def (:\n" + PYTHON, "def (:\n" + good),
        draft("a.md", "# a", "# b ```"),
        draft("a.unknown", "a", "b"),
        draft("a.py", "a = 1\n" * FILE_MAX_CHARS, "a"),
    ]
    said = await objections(drafts, sandbox, JailLimits())
    assert said == ("", BREAKS, BREAKS, BREAKS, BREAKS, "", "", NO_PARSER, TOO_LARGE)


async def test_no_more_are_parsed_than_the_limit(sandbox: Sandbox) -> None:
    said = await objections([draft("a.md", "a", "b")] * (DRAFTS_MAX + 1), sandbox, JailLimits())
    assert said == ("",) * DRAFTS_MAX + (TOO_MANY,)
