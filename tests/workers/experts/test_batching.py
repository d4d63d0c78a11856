"""A change is cut to the window; each line is in one batch, or its file is named as left out."""

from __future__ import annotations

import re

from tests.workers.experts.changes import added, changed
from workers.experts.batching import Plan, Room, plan, room_in


def numbers(planned: Plan, path: str) -> list[int]:
    """The line numbers shown of a file, over all batches."""
    texts = [piece.text for batch in planned.batches for piece in batch.pieces if piece.path == path]
    return [int(number) for text in texts for number in re.findall(r"^ *(\d+) [ +]\|", text, re.MULTILINE)]


def long_file(path: str, lines: int) -> str:
    return "".join(f"value_{path[0]}_{number} = compute({number})\n" for number in range(1, lines + 1))


def test_a_small_change_is_one_batch() -> None:
    planned = plan([added("a.py", "x = 1\n"), added("b.py", "y = 2\n")], {}, Room(5_000, 8))
    assert [batch.paths() for batch in planned.batches] == [("a.py", "b.py")]
    assert planned.left_out == ()


def test_no_batch_is_larger_than_its_room() -> None:
    planned = plan([added("a.py", long_file("a.py", 900))], {}, Room(3_000, 50))
    assert all(len(batch.text()) <= 3_000 for batch in planned.batches)


def test_every_line_is_shown_exactly_once() -> None:
    files = [added("a.py", long_file("a.py", 300)), added("b.py", long_file("b.py", 200))]
    planned = plan(files, {}, Room(2_000, 50))
    assert numbers(planned, "a.py") == list(range(1, 301))
    assert numbers(planned, "b.py") == list(range(1, 201))


def test_what_does_not_fit_is_named() -> None:
    files = [added(f"{letter}.py", long_file(letter, 100)) for letter in "abc"]
    planned = plan(files, {}, Room(4_500, 1))
    shown = {path for batch in planned.batches for path in batch.paths()}
    assert len(planned.batches) == 1
    assert shown | set(planned.left_out) == {"a.py", "b.py", "c.py"}


def test_code_comes_before_tests_before_prose() -> None:
    files = [added("README.md", "text\n"), added("tests/test_a.py", "x = 1\n"), added("a.py", "x = 1\n")]
    (batch,) = plan(files, {}, Room(5_000, 8)).batches
    assert batch.paths() == ("a.py", "tests/test_a.py", "README.md")


def test_an_endless_line_is_cut_and_says_so() -> None:
    planned = plan([added("a.js", "x" * 50_000 + "\n")], {}, Room(5_000, 2))
    assert "line cut here" in planned.batches[0].text()


def test_no_room_leaves_everything_out() -> None:
    assert plan([added("a.py", "x = 1\n")], {}, room_in(2_000, 4_000, 0, 8)) == Plan((), ("a.py",))


def test_removed_lines_carry_no_number() -> None:
    file = changed("a.py", "@@ -1,2 +1,2 @@ def f():\n-old = 1\n+new = 1\n keep = 2", "new = 1\nkeep = 2\n")
    text = plan([file], {}, Room(5_000, 1)).batches[0].text()
    assert text == (
        "=== a.py (modified)\n@@ lines 1-2 in def f(): @@\n       -| old = 1\n     1 +| new = 1\n     2  | keep = 2"
    )


def test_three_thousand_files_are_planned_within_the_budget() -> None:
    files = [added(f"src/m{number}.py", f"x = {number}\n") for number in range(3_000)]
    planned = plan(files, {}, Room(20_000, 8))
    shown = {path for batch in planned.batches for path in batch.paths()}
    assert len(planned.batches) == 8
    assert len(shown) + len(planned.left_out) == 3_000
