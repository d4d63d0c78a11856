"""Secrets of several lines leave the hunks line by line, wherever the hunks begin."""

from __future__ import annotations

from tests.workers.experts.changes import added, changed
from workers.experts.masking import masked

BODY = [
    "MIIEpAIBAAKCAQEA7bq0Zs1dXyWvUt9RkQpLmNoHgFeDcBa8765432ZyXwVuTsRq",
    "Qw3rTy6uI9oPa2sDf5gHj8kLz1xCv4bNm7qWe0rTyUiOpAsDfGhJkLzXcVbNm123",
]
KEY = ["-----BEGIN RSA PRIVATE " + "KEY-----", *BODY, "-----END RSA PRIVATE " + "KEY-----"]
TEXT = "\n".join(["before = 1", *KEY, "after = 1", ""])


def test_each_line_of_a_key_is_marked_and_lines_keep_their_numbers() -> None:
    file = added("key.py", TEXT)
    lines = masked(file).hunks[0].lines
    assert len(lines) == len(file.hunks[0].lines)
    assert (lines[0], lines[-1]) == ("+before = 1", "+after = 1")
    assert not [line for line in lines if any(part in line for part in BODY)]


def test_a_hunk_that_shows_only_the_middle_is_masked_too() -> None:
    file = changed("key.py", f"@@ -3 +3,2 @@\n {BODY[0]}\n+{BODY[1]}", TEXT)
    assert masked(file).hunks[0].lines == (" «secret:private-key»", "+«secret:private-key»")


def test_a_removed_key_is_masked() -> None:
    patch = f"@@ -1,{len(KEY) + 1} +1 @@\n" + "\n".join(f"-{line}" for line in KEY) + "\n after = 1"
    lines = masked(changed("key.py", patch, "after = 1\n")).hunks[0].lines
    assert not [line for line in lines if any(part in line for part in BODY)]


def test_ordinary_code_stays_as_it_is() -> None:
    file = added("a.py", "x = 1\ny = 2\n")
    assert masked(file) == file
