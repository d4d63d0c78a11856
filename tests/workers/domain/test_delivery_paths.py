"""Where a file of ours may stand: in the folders that were named, and nowhere that runs, configures or redirects."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.domain.delivery import Topic
from workers.domain.delivery_paths import FILE_MAX_BYTES, FILES_MAX, objection, refusals

PAGES = ("docs",)


@pytest.mark.parametrize(
    "path",
    ["docs/a.md", "docs/src/box.md", "docs/pages/src___box.md", "docs/ä.md", "docs/[id].md", "docs/a b.md"],
)
def test_pages_may_stand_in_their_folder(path: str) -> None:
    assert objection(path, PAGES) == ""


@pytest.mark.parametrize(
    "path",
    [
        *("", "a.md", "doc/a.md", "docs2/a.md", "Docs/a.md", "docs", "/docs/a.md", "./docs/a.md"),
        *(
            "docs/../a.md",
            "docs/./a.md",
            "docs//a.md",
            "docs/a.md/",
            "docs\\..\\a.md",
            "docs/a\0.md",
            "docs/a\n.md",
        ),
        *(
            "docs/.git/config",
            "docs/.GIT/config",
            "docs/.gitattributes",
            "docs/.github/a.md",
            "docs/GIT~1/a.md",
        ),
        *(
            "docs/.g\u200cit/config",
            "docs/.git /a.md",
            "docs/.git./a.md",
            "docs/a.md ",
            "docs/a.",
            "docs/\uff0egit/config",
        ),
        *("docs/a.md:stream", "docs/a\u202emd.", "docs/a\u0308.md", "docs/" + "a" * 1_000),
        *(
            "docs/Makefile",
            "docs/conftest.py",
            "docs/package.json",
            "docs/Cargo.LOCK",
            "docs/bun.lockb",
            "docs/.circleci/config.yml",
        ),
        *("docs/.env", "docs/node_modules/a.md", "docs/pyproject.toml", "docs/\ud800.md"),
    ],
)
def test_everywhere_else_none_may(path: str) -> None:
    assert objection(path, PAGES)


def test_no_folder_opens_what_github_and_builds_read() -> None:
    for path in (
        ".github/workflows/ci.yml",
        ".gitmodules",
        ".GitHub/CODEOWNERS",
        "Dockerfile",
        ".circleci/config.yml",
    ):
        assert objection(path, ("", ".github", ".circleci"))


@given(st.text(max_size=20), st.sampled_from(["docs/", "", "docs/../", "docs/./", "/docs/"]))
def test_what_is_let_through_stays_below_its_folder(rest: str, start: str) -> None:
    path = start + rest
    if not objection(path, PAGES):
        parts = path.split("/")
        assert parts[0] == "docs"
        assert not {"", ".", ".."} & set(parts)
        assert not any(part.lower().startswith(".git") for part in parts)
        assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in path)
        assert "\\" not in path


def test_sizes_are_bounded() -> None:
    fits = {f"docs/{number}.md": "x" for number in range(FILES_MAX)}
    assert list(refusals(fits, PAGES)) == []
    assert "At most" in next(refusals({**fits, "docs/more.md": "x"}, PAGES))
    assert str(FILE_MAX_BYTES) in next(refusals({"docs/a.md": "ä" * (FILE_MAX_BYTES // 2 + 1)}, PAGES))


def test_what_is_no_text_is_not_written() -> None:
    assert "no Unicode" in next(refusals({"docs/a.md": "half a \ud800 pair"}, PAGES))


def test_branches_differ_by_topic_base_and_what_was_merged() -> None:
    topic = Topic("tests:42", "release/1.0")
    others = (topic.branch(7), Topic("tests:42", "main").branch(), Topic("tests:43", "release/1.0").branch())
    assert topic.branch().startswith("quorum/tests/release/1.0/")
    assert len({topic.branch(), *others}) == 4
    assert len(Topic("docs", "b" * 250).branch()) < 200
