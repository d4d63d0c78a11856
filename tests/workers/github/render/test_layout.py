"""The layout holds whatever strangers' texts hold: lines, columns, folds, bytes, and the block for programs."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browser.looking import html
from tests.workers.github.render.hostile import hostile_review
from tests.workers.github.test_markdown import RENDERING
from workers.github.fences import BODY_MAX_BYTES, split
from workers.github.markdown import check_output, file_comment, inline, summary

VISIBLE_LINES_MAX = 25
COLUMNS = 4
seeds = st.integers(min_value=0, max_value=2**32)
some = settings(max_examples=8)


class Seen(HTMLParser):
    """What a browser makes of a comment: the cells of each row, how deep folds go, and whether all of them end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.depth = self.deepest = self.folds = 0
        self.rows: list[int] = []
        self.feed(html(text))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "details":
            self.folds += 1
            self.depth += 1
            self.deepest = max(self.depth, self.deepest)
        if tag == "tr" and not self.depth:
            self.rows.append(0)
        if tag in {"td", "th"} and not self.depth:
            self.rows[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "details"


def source_lines(text: str) -> int:
    """Lines that are not empty with all folds closed; a fold shows one. No fence stands outside of a fold."""
    outside = [line for part in split(text) if part.language is None for line in part.lines]
    depth = seen = 0
    for line in outside:
        depth -= line == "</details>"
        seen += bool(not depth and line.strip() and not line.startswith(("<details>", "</details>", "<!-- ")))
        depth += line == "<details>"
        seen += line == "<details>"
    return seen


def programs(text: str) -> dict[str, object]:
    """The JSON at the end of a check run's text."""
    block = re.fullmatch(r"(?s).*\n```json\n(.*)\n```", "\n" + text)
    assert block is not None
    read: dict[str, object] = json.loads(block[1])
    return read


@some
@given(seeds)
def test_a_report_keeps_its_lines_columns_folds_and_bytes(seed: int) -> None:
    made = hostile_review(seed)
    for text in (summary(made, RENDERING), check_output(made, RENDERING).summary):
        seen = Seen(text)
        assert source_lines(text) <= VISIBLE_LINES_MAX
        assert len(text.encode()) <= BODY_MAX_BYTES
        assert (seen.depth, seen.deepest) == (0, 1)
        assert set(seen.rows) <= {COLUMNS}
        assert bool(seen.rows) == bool(made.findings)
        assert "<summary>Configuration" in text


@some
@given(seeds)
def test_a_check_run_ends_with_whole_json(seed: int) -> None:
    made = hostile_review(seed)
    output = check_output(made, RENDERING)
    told = programs(output.text)
    assert len(output.text.encode()) <= BODY_MAX_BYTES
    assert isinstance(items := told["items"], list)
    assert len(items) + int(str(told["items_left_out"])) == len(made.findings)
    assert [item["fingerprint"] for item in items] == [one.fingerprint for one in made.findings][: len(items)]


@some
@given(seeds)
def test_a_comment_has_two_folds_and_marks_what_strangers_said(seed: int) -> None:
    made = hostile_review(seed)
    for finding in made.findings[:3]:
        for text in (inline(finding, RENDERING), file_comment(finding, RENDERING)):
            assert len(text.encode()) <= BODY_MAX_BYTES
            seen = Seen(text)
            assert (seen.folds, seen.depth, seen.deepest) == (2, 0, 1)
