"""What is read out of diffs, held against git, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench import _hard_cases
from tests.bench._git import build, diff, numstat
from tests.bench._oracle import PARSERS, Commits, wrong_files
from workers.analysis.diff import DiffError, parse_diff, parse_patch
from workers.domain.change import ChangedFile, FileStatus, Hunk, Omission

HEAD = "diff --git a/x b/x\nindex 1111111..2222222 100644\n--- a/x\n+++ b/x\n"


@pytest.fixture(scope="module")
def commits(tmp_path_factory: pytest.TempPathFactory) -> Commits:
    repository = tmp_path_factory.mktemp("cases") / "repository"
    base, head = build(repository, *_hard_cases.trees())
    return Commits(repository, base, head)


@pytest.fixture(scope="module")
def files(commits: Commits) -> dict[str, ChangedFile]:
    text = diff(commits.repository, commits.base, commits.head)
    return {file.path: file for file in parse_diff(text)}


def test_every_hard_case_is_read_as_git_reads_it(commits: Commits) -> None:
    text = diff(commits.repository, commits.base, commits.head)
    rows = numstat(commits.repository, commits.base, commits.head)
    assert len(rows) >= 50
    assert wrong_files(PARSERS["ours"], text, rows, commits) == []


def test_counts_are_gits(commits: Commits, files: dict[str, ChangedFile]) -> None:
    rows = numstat(commits.repository, commits.base, commits.head)
    counts = {row.path.decode("utf-8", "surrogateescape"): (row.added or 0, row.removed or 0) for row in rows}
    assert {path: (file.additions, file.deletions) for path, file in files.items()} == counts


@pytest.mark.parametrize(
    ("path", "status", "omitted", "old_path"),
    [
        ("kinds/new.txt", FileStatus.ADDED, None, None),
        ("kinds/gone.txt", FileStatus.REMOVED, None, None),
        ("kinds/mode.sh", FileStatus.CHANGED, Omission.NO_CONTENT_CHANGE, None),
        ("kinds/mode2.sh", FileStatus.MODIFIED, None, None),
        ("kinds/to-link", FileStatus.CHANGED, None, None),
        ("kinds/to-file", FileStatus.CHANGED, None, None),
        ("kinds/sub", FileStatus.MODIFIED, Omission.SUBMODULE, None),
        ("kinds/sub-new", FileStatus.ADDED, Omission.SUBMODULE, None),
        ("kinds/image.png", FileStatus.MODIFIED, Omission.BINARY, None),
        ("kinds/a b/\udcff.bin", FileStatus.ADDED, Omission.BINARY, None),
        ('kinds/to "b".txt', FileStatus.RENAMED, Omission.NO_CONTENT_CHANGE, "kinds/from a.txt"),
        ("kinds/neuer näme", FileStatus.RENAMED, None, "kinds/old name"),
        ("kinds/co\tpy", FileStatus.COPIED, None, "kinds/origin"),
    ],
)
def test_kind_of_change(
    files: dict[str, ChangedFile],
    path: str,
    status: FileStatus,
    omitted: Omission | None,
    old_path: str | None,
) -> None:
    file = files[path]
    assert (file.status, file.omitted, file.old_path) == (status, omitted, old_path)


def test_a_patch_of_github_has_no_file_header() -> None:
    patch = "@@ -1,2 +1,2 @@ def f():\n a\n-b\n+c\n\\ No newline at end of file"
    lines = (" a", "-b", "+c", "\\ No newline at end of file")
    assert parse_patch(patch) == (Hunk(1, 2, 1, 2, lines, "def f():"),)


def test_counts_of_one_may_be_left_out() -> None:
    assert parse_patch("@@ -3 +3 @@\n-a\n+b") == (Hunk(3, 1, 3, 1, ("-a", "+b")),)


def test_blank_lines_that_lost_their_mark_are_context() -> None:
    (hunk,) = parse_patch("@@ -1,3 +1,4 @@\n a\n\n+b\n c\n")
    assert hunk.lines == (" a", " ", "+b", " c")
    assert tuple(hunk.added()) == (3,)


def test_a_last_added_blank_line_is_kept() -> None:
    assert parse_patch("@@ -1 +1,2 @@\n a\n+")[0].lines == (" a", "+")


def test_nothing_is_no_change() -> None:
    assert (parse_patch(""), parse_diff("")) == ((), ())


def test_a_new_empty_file_is_not_omitted() -> None:
    (file,) = parse_diff("diff --git a/x b/x\nnew file mode 100644\nindex 0000000..e69de29\n")
    assert (file.path, file.status, file.omitted) == ("x", FileStatus.ADDED, None)


def test_the_blob_is_the_heads() -> None:
    assert parse_diff(HEAD + "@@ -1 +1 @@\n-a\n+b\n")[0].blob_sha == "2222222"


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", 1, "starts with 'diff --git '"),
        ("diff --cc x\nindex 1,2..3\n", 1, "starts with 'diff --git '"),
        (HEAD + "@@ -1,2 +1 @@\n-a\n+b\n", 8, "more lines"),
        (HEAD + "@@ -1 +1 @@\n-a\n+b\n c\n", 8, "the hunk to end"),
        (HEAD + "@@ -1 +1 @@\n-a\n+b\n-- \n2.39.5\n", 8, "the hunk to end"),
        (HEAD + "@@ -1 +1,2 @@\n-a\n+b\nfoo\n", 8, "a line of the hunk"),
        (HEAD + "@@ -1 +1 @@\n-a\n-b\n+b\n", 7, "other marks"),
        (HEAD + "@@ -1 +1 @\n-a\n+b\n", 5, "a hunk header"),
        (HEAD + f"@@ -{'9' * 5000} +1 @@\n-a\n+b\n", 5, "a hunk header"),
        (HEAD + "@@ -1 +1 @@\n-a\n+b\n" + HEAD + "what\n", 12, "a header line of git"),
        ("diff --git a/x b/y\n", 1, "names"),
    ],
)
def test_a_broken_diff_is_refused_with_its_line(text: str, line: int, expected: str) -> None:
    with pytest.raises(DiffError, match=expected) as caught:
        parse_diff(text)
    assert caught.value.line == line


def test_a_broken_patch_is_refused_with_its_line() -> None:
    with pytest.raises(DiffError) as caught:
        parse_patch("@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n-a\n b")
    assert caught.value.line == 6


def test_marks_of_two_hunks_do_not_make_up_for_each_other() -> None:
    with pytest.raises(DiffError):
        parse_patch("@@ -1,2 +1 @@\n+a\n b\n@@ -5 +5,2 @@\n-a\n b")


MARKS = [" a", "+b", "-c", "+++ x", "--- y", " @@ -1 +1 @@", "+\r", "- ", "+diff --git "]
MARKED = st.lists(st.sampled_from(MARKS), min_size=1)


def _written(bodies: Sequence[Sequence[str]]) -> str:
    parts = []
    for lines in bodies:
        old = sum(line[0] in " -" for line in lines)
        new = sum(line[0] in " +" for line in lines)
        parts.append("\n".join([f"@@ -1,{old} +1,{new} @@", *lines]))
    return "\n".join(parts)


@settings(max_examples=150, deadline=None)
@given(st.lists(MARKED, min_size=1, max_size=4))
def test_what_is_written_is_read_back(bodies: list[list[str]]) -> None:
    assert [list(hunk.lines) for hunk in parse_patch(_written(bodies))] == bodies


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='@-+ 1,\nabdifg/\\"', max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(DiffError):
        parse_diff("diff --git a/x b/x\n" + text)
    with suppress(DiffError):
        parse_patch("@@ -" + text)
