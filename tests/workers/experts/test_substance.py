"""Comments and the insides of strings are no code; lines keep their numbers."""

from __future__ import annotations

import io
import tokenize
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.experts.substance import substance


@pytest.mark.parametrize(
    ("path", "text", "left"),
    [
        ("a.py", "x = 1  # safe", "x = 1  "),
        ("a.py", 'x = "# not a comment"', 'x = ""'),
        ("a.py", '"""All is\nwell."""\nx = 1', '"\n"\nx = 1'),
        ("a.py", "'''never closed\nx = 1", '"\n"'),
        ("a.ts", "a(); // safe\n/* b();\n */ c();", "a(); \n\n c();"),
        ("a.js", "glob('src/**/*.js');\nb();", 'glob("");\nb();'),
        ("a.js", "x = `\nall is well\n`;", 'x = "\n\n";'),
        ("a.go", "f('\\'') // '", 'f("") '),
        ("a.sh", "f $# x # safe", "f $# x "),
        ("a.php", "#[Pure]\nf(); # safe", "#[Pure]\nf(); "),
        ("a.lua", "f() -- safe", "f() "),
        ("a.html", "<b><!-- safe\n --></b>", "<b>\n</b>"),
        ("a.json", '{"a": true}', '{"a": true}'),
        ("a.yml", "a: b # safe", "a: b "),
    ],
)
def test_what_is_left(path: str, text: str, left: str) -> None:
    assert "\n".join(substance(text, path)) == left


def test_our_own_code_is_told_from_its_comments_as_python_does() -> None:
    talk = {tokenize.COMMENT, tokenize.STRING, tokenize.NL, tokenize.NEWLINE}
    for path in Path("workers/experts").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        left = substance(text, path.name)
        kinds: dict[int, set[int]] = defaultdict(set)
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            for line in range(token.start[0], token.end[0] + 1):
                kinds[line].add(token.type)
        said = [left[line - 1].strip() for line, found in kinds.items() if found <= talk]
        assert max(map(len, said)) < 8
        plain = [line for line, found in kinds.items() if found <= {tokenize.NAME, tokenize.OP}]
        lines = text.split("\n")
        assert [left[line - 1] for line in plain] == [lines[line - 1] for line in plain]


@settings(max_examples=50)
@given(
    st.text("\"'`\\#/*-<!\n ab", max_size=200),
    st.sampled_from(["a.py", "a.ts", "a.php", "a.lua", "a.html", "a.css", "a.rb", "a"]),
)
def test_lines_keep_their_numbers(text: str, path: str) -> None:
    assert len(substance(text, path)) == text.count("\n") + 1


@pytest.mark.parametrize("hostile", ['"', "\\'", '"""', "`", "/*", "\\\"'"])
def test_hostile_texts_are_read_in_linear_time(hostile: str) -> None:
    for path in ("a.py", "a.ts"):
        substance(hostile * 3_000, path)
