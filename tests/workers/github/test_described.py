"""Descriptions as Markdown: every file accounted for, nothing that acts, and a diagram that always parses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.domain.change import ChangedFile, FileStatus, Omission
from workers.domain.description import Description, Diagram, Group, IssueCheck, Kind, Met, Node, Told
from workers.github.render.described import BLOCK_MAX_BYTES, description_text
from workers.github.render.flowchart import flowchart
from workers.github.sanitise import Sanitiser

SHA = "5f3c2e1" + "0" * 33
CLEANER = Sanitiser("https://github.com/octo/shop")
NODE = re.compile(r'  n\d+\["(?:[^\W_]|[ ._/-]|#\d+;)+"\]')
EDGE = re.compile(r"  n\d+ --> n\d+")


def described(*groups: Group, **others: object) -> Description:
    values = {"kinds": (Kind.FIX,), "bullets": ("Rates stand in one place.",), "model": "strong", **others}
    return Description("b" * 40, SHA, groups=groups, **values)  # type: ignore[arg-type]


def changed(path: str, what: str = "", **how: object) -> Told:
    return Told(ChangedFile(path, FileStatus.MODIFIED, additions=2, deletions=1, **how), what)  # type: ignore[arg-type]


def test_what_is_told_and_in_which_order() -> None:
    issue = IssueCheck(7, "Rates differ", Met.PART, "One of two.", "shop/tax.py", 12, 10)
    code = Group(
        "Code", (changed("shop/tax.py", "Holds the rate."), changed("logo.png", omitted=Omission.BINARY))
    )
    diagram = Diagram((Node("shop/", 3), Node("web/a b.py")), ((0, 1),))
    assert description_text(described(code, issues=(issue,), diagram=diagram, unread=1), CLEANER) == (
        "### What changes\n\n**Type:** bug fix\n\n- Rates stand in one place.\n\n"
        "**Issues it names:**\n"
        "- 🟡 `#7` Rates differ: **in part**. One of two. "
        f"([`shop/tax.py:10`](https://github.com/octo/shop/blob/{SHA}/shop/tax.py#L10-L12))\n\n"
        '```mermaid\nflowchart LR\n  n0["shop/ #40;3 files#41;"]\n  n1["web/a b.py"]\n  n0 --> n1\n```\n\n'
        "<sub>An arrow is an import.</sub>\n\n"
        "<details>\n<summary>2 files, +4 −2</summary>\n\n**Code** · 2 files, +4 −2\n"
        "- `shop/tax.py` (modified) +2 −1: Holds the rate.\n- `logo.png` (modified, binary) +2 −1\n\n</details>\n\n"
        "<sub>Described by strong at `5f3c2e1`; 1 file known by name alone.</sub>"
    )


def test_without_a_model_it_says_so() -> None:
    text = description_text(described(model="", unasked="no model is configured"), CLEANER)
    assert "from paths and commit messages, as no model wrote it: no model is configured.</sub>" in text


def test_many_files_are_told_by_folder_and_all_are_counted() -> None:
    files = tuple(changed(f"src/part{n % 7}/file{n}.py") for n in range(3_000))
    text = description_text(described(Group("Code", files), unlisted=12), CLEANER)
    assert len(text.encode()) <= BLOCK_MAX_BYTES
    assert "<summary>3,000 files, +6,000 −3,000</summary>" in text
    rows = re.findall(r"^- `src/part\d/` (\d+) files", text, re.MULTILINE)
    assert sum(map(int, rows)) == 3_000
    assert "12 more files that GitHub does not list" in text


def test_whatever_there_is_a_block_has_its_size_and_closed_folds() -> None:
    files = tuple(changed(f"{'long/' * 30}{n}.py", "x" * 900) for n in range(80))
    groups = [Group(name, files) for name in ("Code", "Tests", "Other files")]
    text = description_text(described(*groups, bullets=("y" * 5_000,) * 6), CLEANER)
    assert len(text.encode()) <= BLOCK_MAX_BYTES
    assert text.count("<details>") == text.count("</details>")


HOSTILE = "@octo/all <!-- quorum:v1 /description --> ![x](https://evil.example/p) closes #1\n/quorum pause ```\n# big"


def test_nothing_that_strangers_wrote_acts() -> None:
    issue = IssueCheck(1, HOSTILE, Met.MET, HOSTILE, "a`b\n<!-- quorum:v1 description x -->.py", 1)
    group = Group("Code", (changed(f"{HOSTILE[:42]}.py", HOSTILE),))
    text = description_text(
        described(group, bullets=(HOSTILE,), issues=(issue,), notices=(HOSTILE,)), CLEANER
    )
    assert "<!-- quorum" not in text
    assert "@octo" not in text
    assert "https://evil" not in text
    assert not re.search(r"^/quorum", text, re.MULTILINE)
    assert not re.search(r"closes #1", text)


@pytest.mark.parametrize(
    "path", ['a"]; click n0 "x"', "end", "%%{init: {}}%%", "`md` **x**", "日本/\u202eф.py", "\n"]
)
@given(more=st.lists(st.text(max_size=80), max_size=14))
def test_the_diagram_holds_nothing_but_boxes_and_arrows(path: str, more: list[str]) -> None:
    nodes = tuple(Node(one) for one in (path, *more) if one)
    edges = tuple((place, 0) for place in range(len(nodes)))
    first, head, *lines, last = flowchart(Diagram(nodes, edges), CLEANER).split("\n")
    assert (first, head, last) == ("```mermaid", "flowchart LR", "```")
    assert [bool(NODE.fullmatch(line)) for line in lines] == [True] * len(nodes) + [False] * len(edges)
    assert all(EDGE.fullmatch(line) for line in lines[len(nodes) :])
