"""Every file is accounted for: it has a line, or it is counted by what became of it."""

from __future__ import annotations

import re

import pytest

from tests.workers.github.reviews_by_hand import FINDING, review
from tests.workers.github.test_markdown import RENDERING
from workers.domain.change import Omission
from workers.domain.review import Coverage
from workers.github.markdown import check_output, summary

MOST = 3_000


def files(count: int, folder: str = "src/package") -> tuple[Coverage, ...]:
    """Of ten files one is binary, one read by nobody, one was hard to read."""
    kinds = {
        0: Coverage("", omitted=Omission.BINARY),
        1: Coverage(""),
        2: Coverage("", ("ruff",), detail="lizard: it does not parse"),
    }
    whole = Coverage("", ("ruff", "mid-a"))
    return tuple(
        Coverage(f"{folder}_{number % 40}/module_{number}.py", one.read_by, one.omitted, one.detail)
        for number in range(count)
        for one in [kinds.get(number % 10, whole)]
    )


def accounted(text: str) -> int:
    """Files with a line, and those that are counted without one."""
    lines = len(re.findall(r"^(?:- `.*module_\d+\.py`: |  module_\d+\.py)", text, re.MULTILINE))
    counts = re.findall(r"^- .*\(([\d,]+) files?\)$", text, re.MULTILINE)
    return lines + sum(int(one.replace(",", "")) for one in counts)


@pytest.mark.parametrize("folder", ["src/package", "deep/" * 30])
@pytest.mark.parametrize("count", [1, 100, MOST])
def test_no_file_is_lost(count: int, folder: str) -> None:
    made = review(coverage=files(count, folder))
    assert accounted(summary(made, RENDERING)) == count
    assert accounted(check_output(made, RENDERING).text) == count


def test_a_check_run_has_room_for_the_names_of_most_files_of_the_largest_change() -> None:
    made = review(coverage=files(MOST), findings=(FINDING,) * 1_000)
    text = check_output(made, RENDERING).text
    assert len(re.findall(r"^  module_\d+\.py", text, re.MULTILINE)) > MOST / 2


def test_what_nobody_read_does_not_count_as_read() -> None:
    made = review(coverage=files(10))
    said = "8/10 files (1 omitted: binary; 1 read by none)"
    assert f"reviewed `5f3c2e1`, {said}" in summary(made, RENDERING)
    assert said in check_output(made, RENDERING).title
