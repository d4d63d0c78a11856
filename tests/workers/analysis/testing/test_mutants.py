"""Mistakes made on purpose."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.testing.mutants import mutants

CODE = '''"""Prices."""

def price(n: int, rate: float = 0.5) -> float:
    """Of 3 things."""
    if n < 0 and not n == 3:
        log(n)
        raise ValueError(f"{n + 1} é")
    total = n * 10 \\
        + 2
    return total * rate  # é
'''
SPAN = range(3, 11)


def every(text: str = CODE, lines: range = SPAN) -> set[str]:
    return {one.what for one in mutants(text, lines, seed=1, mutants_max=100)}


def test_comparisons_sums_words_constants_and_results_are_swapped() -> None:
    assert every() >= {
        "`n < 0` became `n <= 0`",
        "`n < 0` became `n >= 0`",
        "`n < 0 and (not n == 3)` became `n < 0 or not n == 3`",
        "`not n == 3` became `n == 3`",
        "`n * 10 + 2` became `n * 10 - 2`",
        "`0.5` became `1.5`",
        "`total * rate` became `None`",
        "`log(n)` became `None`",
    }


def test_code_that_only_sets_things_loses_what_it_sets() -> None:
    code = "def name(self, word):\n    self.word: str = word\n"
    assert every(code, range(1, 3)) == {"`word` became `None`"}


def test_texts_of_f_strings_annotations_and_docstrings_are_left_alone() -> None:
    assert not any("`n + 1`" in what or "Of 3" in what for what in every())


def test_one_mutant_differs_in_one_place_and_compiles() -> None:
    for one in mutants(CODE, SPAN, seed=1, mutants_max=100):
        changed = [
            pair for pair in zip(CODE.split("\n"), one.text.split("\n"), strict=False) if len(set(pair)) > 1
        ]
        assert changed or one.text.count("\n") < CODE.count("\n")
        ast.parse(one.text)


def test_few_mutants_are_spread_over_the_lines_and_chosen_by_the_seed() -> None:
    few = mutants(CODE, SPAN, seed=1, mutants_max=4)
    assert len({one.line for one in few}) == 4
    assert few == mutants(CODE, SPAN, seed=1, mutants_max=4)
    assert len({mutants(CODE, SPAN, seed=seed, mutants_max=1)[0].what for seed in range(20)}) > 5


@pytest.mark.parametrize("text", ["def (", "\0", "x = 1", ""])
def test_nothing_to_change_has_no_mutants(text: str) -> None:
    assert mutants(text, range(5, 9), seed=1, mutants_max=9) == ()


@given(st.text(alphabet="ab1 +<=()\n:\t'é", max_size=40), st.integers(0, 9))
def test_whatever_the_code_a_mutant_is_code_too(text: str, seed: int) -> None:
    for one in mutants(text, range(1, 50), seed=seed, mutants_max=5):
        ast.parse(one.text)
