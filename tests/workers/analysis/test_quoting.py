"""What a quote can mean, however it was written down."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.workers.experts.changes import added
from workers.analysis.anchors import Anchor, locate, sight
from workers.analysis.quoting import readings

FILE = added(
    "x.py",
    """\
def first(value):
    total = value + 1
    return total

def second(value, rate, *, cap):
    total = value * rate
    key = "hunter2hunter2"
    return min(total, cap)

- item
list -> None
    call(one)
""",
)


@pytest.mark.parametrize(
    ("quote", "lines"),
    [
        ("def second(value, ..., cap):", (None, 5)),
        ("def second(value, ...\n    total = value * rate", (5, 6)),
        ("def second(value, rate, *, cap):\n    # ... existing code ...\n    return min(total, cap)", (5, 8)),
        ('    key = "«secret:password:1»"', (None, 7)),
        ("def second(value, rate, … (line cut here)", (None, 5)),
        ("   2 +|     total = value + 1\n     -|     total = 1\n   3  |     return total", (2, 3)),
        ("``def first(value):``", (None, 1)),
        ("- item", (None, 10)),
        ("-> None\n    call(one)", (11, 12)),
        ("@@ -1,2 +1,2 @@\n-def old(value):\n+def first(value):", (None, 1)),
    ],
)
def test_lines_are_found_however_they_are_written(quote: str, lines: tuple[int | None, int]) -> None:
    found = locate(quote, FILE, near=None)
    assert found is not None
    assert (found.start_line, found.line) == lines


TWICE = added("x.py", "call(value)\nother(value)\ncall(value)\n")


def test_a_number_in_front_tells_equal_lines_apart() -> None:
    assert locate("3: call(value)", TWICE, near=None) == Anchor(3)


def test_a_made_up_number_tells_nothing() -> None:
    assert locate("2: call(value)", TWICE, near=None) is None


def test_what_is_said_twice_is_said() -> None:
    assert sight("call(value)", TWICE, near=None).said


def test_a_shortened_quote_that_fits_twice_is_not_guessed() -> None:
    file = added("x.py", "begin(1)\nmiddle(2)\nend(9)\nmore(3)\nend(9)\n")
    assert locate("begin(1)\n...\nend(9)", file, near=None) is None


def test_most_of_a_mended_quote_has_to_stand_in_the_file() -> None:
    quote = "def first(value):\n    something_else_entirely(value)\n    and_another_invented_line(value)"
    assert not sight(quote, FILE, near=None).said


def test_a_quote_that_leaves_out_too_much_is_not_read_piece_by_piece() -> None:
    assert all(len(reading.pieces) == 1 for reading in readings("a\n...\n" * 300))


@given(st.text(alphabet="`+-|. …12:L«»\t\n#ab", max_size=60))
def test_every_reading_says_something(quote: str) -> None:
    assert all(reading.says_something() for reading in readings(quote))


LINES = st.lists(
    st.text(alphabet="ab(). =+-|#1\t", min_size=1, max_size=12).filter(
        lambda line: any(map(str.isalnum, line))
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(LINES, st.data())
def test_whole_lines_that_stand_once_are_found_whatever_they_look_like(
    lines: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, len(lines)))
    last = data.draw(st.integers(first, len(lines)))
    flat = ["".join(line.split()) for line in lines]
    text, wanted = "".join(flat), "".join(flat[first - 1 : last])
    assume(text.find(wanted) == text.rfind(wanted))
    found = locate("\n".join(lines[first - 1 : last]), added("x", "\n".join(lines) + "\n"), near=None)
    assert found == Anchor(last, first if first < last else None)
