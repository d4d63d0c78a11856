"""The walkthrough counts, and guesses nothing."""

from __future__ import annotations

from dataclasses import replace

from tests.workers.experts.changes import added
from workers.domain.change import FileStatus
from workers.pipelines.walkthrough import walkthrough


def test_files_are_grouped_by_language_the_most_changed_first() -> None:
    files = [
        added("docs/a.md", "text\n"),
        added("src/a.py", "x = 1\ny = 2\n"),
        replace(added("src/b.py", "z = 3\n"), status=FileStatus.MODIFIED, deletions=4),
        added("tests/test_a.py", "assert 1\n"),
    ]
    assert walkthrough(files) == (
        "- **python**, 2 files, +3 −4: `src/b.py` (modified), `src/a.py` (added)\n"
        "- **markdown**, 1 file, +1 −0: `docs/a.md` (added)\n"
        "- **python tests**, 1 file, +1 −0: `tests/test_a.py` (added)"
    )


def test_three_thousand_files_stay_short() -> None:
    files = [added(f"src/m{number}.py", "x = 1\n") for number in range(3_000)]
    assert walkthrough(files).endswith("and 2995 more")
    assert len(walkthrough(files)) < 500


def test_no_files_say_nothing() -> None:
    assert walkthrough([]) == ""
