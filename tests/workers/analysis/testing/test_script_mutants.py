"""Mistakes put into JavaScript on purpose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.languages import Language
from workers.analysis.testing.script_mutants import mutants
from workers.analysis.tools import parse
from workers.analysis.tools.protocol import Given

CODE = """// é
import { log } from './log.js';
export function price(n, rate = 0.5) {
  if (n < 0 && !(n === 3)) {
    log(n);
    throw new RangeError(`${n + 1} é`);
  }
  const total = n * 10 +
    2;
  return total * rate;
}
export const half = (n) => n / 2;
const isFree = true;
"""


def faults(text: str) -> object:
    return parse.check(Given("a", Language.JAVASCRIPT, frozenset(), text)).seen


def test_comparisons_sums_words_constants_and_results_are_swapped() -> None:
    assert {one.what for one in mutants(CODE, range(1, 99), seed=1, mutants_max=100)} >= {
        "`n < 0` became `n <= 0`",
        "`n < 0` became `n >= 0`",
        "`n < 0 && !(n === 3)` became `n < 0 || !(n === 3)`",
        "`n === 3` became `n !== 3`",
        "`!(n === 3)` became `(n === 3)`",
        "`n * 10 + 2` became `n * 10 - 2`",
        "`0.5` became `0.5 + 1`",
        "`10` became `11`",
        "`n + 1` became `n - 1`",
        "`total * rate` became `undefined`",
        "`n / 2` became `undefined`",
        "`log(n)` became `undefined`",
        "`true` became `false`",
    }


def test_code_that_only_sets_things_loses_what_it_sets() -> None:
    (one,) = mutants("let word;\nfunction name(a) {\n  word = a;\n}\n", range(2, 4), seed=1, mutants_max=9)
    assert (one.line, one.text.split("\n")[2]) == (3, "  word = undefined;")


def test_a_mutant_differs_from_its_line_on_and_parses() -> None:
    for one in mutants(CODE, range(3, 12), seed=1, mutants_max=100):
        before = one.line - 1
        assert one.text.split("\n")[:before] == CODE.split("\n")[:before]
        assert one.text != CODE
        assert not faults(one.text)


def test_what_begins_a_statement_is_never_taken_for_a_call_of_the_line_above() -> None:
    (one,) = mutants("f\na && b()\n", [2], seed=1, mutants_max=9)
    assert one.text == "f\na || b()\n"


@pytest.mark.parametrize("text", ["(", "\0", "let x", "", "'use strict'; '1 < 2'; /1/", "\udcff"])
def test_nothing_to_change_has_no_mutants(text: str) -> None:
    assert mutants(text, range(1, 9), seed=1, mutants_max=9) == ()


@given(st.text(alphabet="ab1 +<=()!&|;{}?\n'`$é", max_size=40), st.integers(0, 9))
def test_a_mutant_of_what_parses_parses(text: str, seed: int) -> None:
    found = mutants(text, range(1, 50), seed=seed, mutants_max=5)
    assert not [one for one in found if faults(one.text)]
