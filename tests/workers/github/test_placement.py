"""Every comment lands in exactly one place, and what is inline is inside one hunk."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workers.domain.change import ChangedFile, FileStatus, Hunk
from workers.github.placement import place
from workers.github.values import FileComment, InlineComment


def hunk(start: int, count: int) -> Hunk:
    return Hunk(start, 0, start, count, ("+x",) * count)


FILES = (
    ChangedFile("a.py", FileStatus.MODIFIED, (hunk(10, 5), hunk(30, 5))),
    ChangedFile("moved.py", FileStatus.RENAMED, old_path="old.py"),
)


def comment(
    line: int, start_line: int | None = None, path: str = "a.py", side: str = "RIGHT"
) -> InlineComment:
    return InlineComment(path, line, "with suggestion", "f" * 16, start_line, side, plain_body="plain")


def placed(one: InlineComment) -> tuple[int, int | None, str] | str:
    """Where one comment lands: line, start line and body, or the kind of place."""
    placement = place([one], FILES)
    if placement.inline:
        (inline,) = placement.inline
        return inline.line, inline.start_line, inline.body
    return "file" if placement.files else "summary"


def test_a_line_in_a_hunk_stays() -> None:
    assert placed(comment(12)) == (12, None, "with suggestion")


def test_a_range_in_a_hunk_stays() -> None:
    assert placed(comment(14, 10)) == (14, 10, "with suggestion")


def test_a_range_of_one_line_is_a_line() -> None:
    assert placed(comment(12, 12)) == (12, None, "with suggestion")


def test_a_range_that_is_upside_down_is_turned() -> None:
    assert placed(comment(10, 13)) == (13, 10, "with suggestion")


def test_a_range_over_the_edge_is_cut_and_loses_its_suggestion() -> None:
    assert placed(comment(20, 13)) == (14, 13, "plain")


def test_a_range_over_two_hunks_keeps_the_first_one() -> None:
    assert placed(comment(31, 14)) == (14, None, "plain")


def test_a_line_at_most_three_away_moves_to_the_hunk() -> None:
    assert placed(comment(17)) == (14, None, "plain")
    assert placed(comment(27)) == (30, None, "plain")


def test_a_line_further_away_goes_to_the_file() -> None:
    assert placed(comment(18)) == "file"
    assert placed(comment(26)) == "file"


def test_the_left_side_goes_to_the_file() -> None:
    assert placed(comment(12, side="LEFT")) == "file"


def test_a_file_without_hunks_takes_it_as_a_whole() -> None:
    assert placed(comment(1, path="moved.py")) == "file"


def test_a_path_that_is_not_in_the_change_goes_to_the_summary() -> None:
    assert placed(comment(1, path="old.py")) == "summary"


def test_a_suggestion_does_not_follow_to_the_file() -> None:
    (on_file,) = place([comment(99)], FILES).files
    assert on_file == FileComment("a.py", "plain", "f" * 16)


def test_beyond_the_limits_the_rest_is_for_the_summary() -> None:
    comments = [comment(12) for _ in range(31)] + [comment(99) for _ in range(11)]
    placement = place(comments, FILES)
    assert (len(placement.inline), len(placement.files), len(placement.summary)) == (30, 10, 2)


hunks = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), max_size=4).map(
    lambda pairs: tuple(hunk(start, count) for start, count in pairs)
)
comments = st.lists(
    st.builds(
        InlineComment,
        path=st.sampled_from(["a.py", "b.py"]),
        line=st.integers(1, 80),
        body=st.just("b"),
        fingerprint=st.just("f"),
        start_line=st.none() | st.integers(1, 80),
        side=st.sampled_from(["LEFT", "RIGHT"]),
    ),
    max_size=50,
)


@given(hunks, comments)
def test_nothing_is_lost_and_inline_is_always_valid(
    hunks: tuple[Hunk, ...], comments: list[InlineComment]
) -> None:
    placement = place(comments, (ChangedFile("a.py", FileStatus.MODIFIED, hunks),))
    assert len(placement.inline) + len(placement.files) + len(placement.summary) == len(comments)
    for one in placement.inline:
        start = one.line if one.start_line is None else one.start_line
        assert one.start_line is None or one.start_line < one.line
        assert any(start in hunk.right and one.line in hunk.right for hunk in hunks)
