"""A file as the refuter reads it: numbered, marked, and around the claims where not all fits."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.experts.changes import added, changed
from workers.experts.refuting_sheet import fitted, sheet_of

PATCH = "@@ -1,4 +1,3 @@\n a = 1\n-check(a)\n-log(a)\n+log(b)\n c = 3\n@@ -9 +7,0 @@\n-end = 9"
TEXT = "a = 1\nlog(b)\nc = 3\nd = 4\ne = 5\nf = 6\ng = 7\n"


def test_the_whole_head_is_shown_with_what_was_removed_in_its_place() -> None:
    assert str(sheet_of(changed("run.py", PATCH, TEXT))).split("\n") == [
        "=== run.py (modified)",
        "     1  | a = 1",
        "       -| check(a)",
        "       -| log(a)",
        "     2 +| log(b)",
        "     3  | c = 3",
        "     4  | d = 4",
        "     5  | e = 5",
        "     6  | f = 6",
        "     7  | g = 7",
        "       -| end = 9",
    ]


def test_of_a_long_file_the_lines_around_the_claims_are_shown() -> None:
    text = "".join(f"line_{number} = {number}\n" for number in range(1, 100))
    shown = fitted(sheet_of(added("run.py", text)), [range(20, 21), range(60, 62)], 250)
    assert shown is not None
    assert [number for number, _ in shown.head()] == [19, 20, 21, 59, 60, 61, 62]
    assert str(shown).count("…") == 2


def test_without_room_for_the_lines_nothing_is_shown() -> None:
    assert fitted(sheet_of(added("run.py", "x" * 500)), [range(1, 2)], 100) is None


def test_a_key_of_several_lines_is_masked() -> None:
    key = (
        "-----BEGIN RSA PRIVATE "
        + "KEY-----\nMIIEpAIBAAKCAQEA7bq0Zs1dXyWv\n-----END RSA PRIVATE "
        + "KEY-----"
    )
    assert "MIIE" not in str(sheet_of(added("key.py", f"a = 1\n{key}\n")))


@settings(max_examples=40)
@given(
    lengths=st.lists(st.integers(0, 90), min_size=1, max_size=40),
    places=st.lists(st.integers(1, 45), min_size=1, max_size=4),
    max_chars=st.integers(0, 3_000),
)
def test_what_is_shown_fits(lengths: list[int], places: list[int], max_chars: int) -> None:
    sheet = sheet_of(added("run.py", "".join("x" * length + "\n" for length in lengths)))
    shown = fitted(sheet, [range(place, place + 1) for place in places], max_chars)
    assert shown is None or len(str(shown)) <= max_chars
