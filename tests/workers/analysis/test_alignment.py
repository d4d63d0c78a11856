"""Which lines are which: rising, alike, and quick on texts made to be slow."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.alignment import aligned
from workers.analysis.form import form_of
from workers.analysis.quoting import squeezed
from workers.analysis.renames import renames

TEXTS = st.lists(st.sampled_from(["a", "b", " a", "c d", "", "}", "e"]), max_size=30).map("\n".join)


@given(TEXTS, TEXTS)
def test_aligned_lines_say_the_same_and_rise(old: str, new: str) -> None:
    found = sorted(aligned(old, new).items())
    olds, news = old.split("\n"), new.split("\n")
    assert all(squeezed(olds[one - 1]) == squeezed(news[other - 1]) for one, other in found)
    assert all(one[1] < other[1] for one, other in pairwise(found))


@given(TEXTS)
def test_every_line_of_a_text_is_itself(text: str) -> None:
    count = text.count("\n") + 1
    assert aligned(text, text) == {line: line for line in range(1, count + 1)}


def test_lines_that_are_all_alike_cost_little() -> None:
    start = time.perf_counter()
    aligned("x\ny\n" * 4_000 + "old", "y\nx\n" * 4_000 + "new")
    form_of('\\"' * 5_000, "a.py")
    assert time.perf_counter() - start < 1.0


def test_form_is_neither_blanks_nor_comments_nor_quotes() -> None:
    one = form_of("run(\n    'a',  # why\n    b,\n)", "a.py")
    assert one.words == form_of('run("a", b)', "a.py").words
    assert form_of("run('a b')", "a.py").words != form_of("run('a  b')", "a.py").words


def test_words_are_found_on_their_lines() -> None:
    text = form_of("x = 1\nrun(\n  a)\ny = 2\nrun(a)", "a.py")
    assert text.places(form_of("run(a)", "a.py")) == [(2, 3), (5, 5)]
    assert text.places(form_of("un(a)", "a.py")) == []


def test_renames_are_paired_by_what_they_have_in_common() -> None:
    gone = {"a": "1\n2\n3\n4", "b": "5\n6\n7"}
    came = {"c": "5\n6\n7\n8", "d": "1\n2\n3\n4", "e": "9"}
    assert renames(gone, came) == {"a": "d", "b": "c"}
