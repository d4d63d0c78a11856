"""Pages as Logseq reads them: properties, blocks, links within links, references, and what is written wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.logseq.model import Block, Page
from workers.analysis.logseq.parse import DEPTH_MAX_LEVELS, PAGE_MAX_CHARS, parse

PAGE = """\
# Box
type:: [[Primitive]]
package:: [[shop/boxes [[v2]]]]

## Overview

- id:: box-overview
  What a box is, see [[Lid]] and ((box-api)).
  more:: of it
\t- deeper #tag, `[[code]]`
\t  ```python
\t  - x = "[[no link]]"
\t  ```
\t\t- deepest
- ## Heading in a bullet
  id:: box-api
  Text.
---
"""


def test_a_page_is_read_whole() -> None:
    page = parse("file", PAGE)
    assert page.title == "Box"
    assert [(one.key, one.value) for one in page.properties] == [
        ("type", "[[Primitive]]"),
        ("package", "[[shop/boxes [[v2]]]]"),
    ]
    assert [(one.line, one.depth, one.heading, one.value("id")) for one in page.walk()] == [
        (5, 0, 2, ""),
        (7, 0, 0, "box-overview"),
        (10, 1, 0, ""),
        (14, 2, 0, ""),
        (15, 0, 2, "box-api"),
    ]
    assert not page.problems


def test_references_are_found_with_their_lines_and_not_in_code() -> None:
    page = parse("file", PAGE)
    found = {(one.kind, one.target, one.line) for block in page.walk() for one in block.references}
    assert found == {("page", "Lid", 8), ("block", "box-api", 8), ("tag", "tag", 10)}
    assert {(one.target, one.line) for one in page.references} == {
        ("Primitive", 2),
        ("shop/boxes [[v2]]", 3),
        ("v2", 3),
    }


def test_text_keeps_what_is_no_property() -> None:
    overview = parse("file", PAGE).blocks[1]
    assert overview.text == "What a box is, see [[Lid]] and ((box-api)).\nmore:: of it" or overview.value(
        "more"
    )
    assert overview.children[0].text.splitlines()[1:] == ["```python", '- x = "[[no link]]"', "```"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- see [[Lid", "a page link is not closed"),
        ("- see Lid]]", "closed that was not opened"),
        ("- [[]]", "a page link is empty"),
        ("- [[a\n  b]]", "a page link is empty, longer than a line"),
        ("- ((abc", "a block reference is not closed"),
        ("- ((a/b))", "a block reference to no id"),
        ("- a\n\t\t- b", "indented more than one level"),
        ("- " + "[[a" * 9 + "]]" * 9, "nested more than 8 deep"),
        ("x" * (PAGE_MAX_CHARS + 1), "longer than 1,000,000 characters"),
    ],
)
def test_what_is_written_wrongly_is_said(text: str, why: str) -> None:
    assert any(why in problem.why for problem in parse("p", text).problems)


def test_brackets_of_ordinary_text_are_no_problem() -> None:
    assert not parse("p", "- f((a + b)) and g(x) - `[[`, ``((`` a[b[0]], #1 and (not #me)").problems[1:]


def test_deep_pages_end_somewhere() -> None:
    text = "".join("\t" * depth + "- x\n" for depth in range(200))
    assert max(block.depth for block in parse("p", text).walk()) == DEPTH_MAX_LEVELS


@given(st.text(alphabet="ab-# \t\n[](){}:`~x", max_size=300))
def test_any_text_is_a_page_and_no_word_is_lost(text: str) -> None:
    page = parse("p", text)
    assert text_of(page).count("x") == text.count("x")


def text_of(page: Page) -> str:
    parts = [
        page.text,
        page.title if page.title != "p" else "",
        *(one.value + one.key for one in page.properties),
    ]
    return "".join([*parts, *(all_of(block) for block in page.walk())])


def all_of(block: Block) -> str:
    return block.text + "".join(one.key + one.value for one in block.properties)


@pytest.mark.parametrize("line", ["`a", "[[", "((a", "- a:: b\n", "\t", "]]", "# x\n", "```\n"])
def test_a_large_page_takes_no_longer_a_line(line: str) -> None:
    assert parse("p", "- x\n  y\n" + line * (60_000 // len(line))).title
