"""How much an expression takes is told before it is compiled: a hostile one never is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.pattern_cost import ANY, TABLE, cost
from config.repository import RepositoryConfig
from config.rules.section import COST_MAX

USUAL = (
    r"(?i)^\[?wip\b",
    r"^(build|chore|ci|docs)(\(\w+\))?!?: ",
    r"(?i)^\[?(черновик|не сливать)",
    r"^Bump .{1,80} from \d+(\.\d+){1,3} to \d+(\.\d+){1,3}$",
    r"^\p{Lu}{2,10}-\d{1,6}\b",
)
HOSTILE = (
    r"\w{1000}",
    r"(?:(?:\w{9}){9}){9}",
    r"(\pL{6}){6}{6}",
    r"\p{Lu}{201}",
    r"[\w--\d]{200}",
    r"[^]\w]{200}",
    "(?x: \\w # often\n { 60 } )",
    r"(?i)" + r"[\x{0}-\x{10FFFF}]{9}{2}",
    r"(?i)[\x{0}-\x{FFFF}]{99}{99}",
    r"(?s).{200}{100}",
    r"a{1000}{1000}",
)


@pytest.mark.parametrize("pattern", HOSTILE)
def test_what_would_hold_the_process_costs_too_much(pattern: str) -> None:
    assert cost(pattern) > COST_MAX


def test_many_usual_titles_are_allowed_and_a_hostile_one_is_refused_by_name() -> None:
    titles = USUAL * 8 + tuple(f"a title that is written out, number {number}" for number in range(60))
    RepositoryConfig.model_validate({"ignore": {"titles": titles}})
    with pytest.raises(ValueError, match=r"takes too long to compile, up to `\\w\{900\}`"):
        RepositoryConfig.model_validate({"ignore": {"titles": (*USUAL, r"\w{900}")}})


ATOMS = st.sampled_from(
    [
        ("a", 1),
        (r"\.", 1),
        (".", ANY),
        (r"\w", TABLE),
        (r"\pL", TABLE),
        (r"\p{Greek}", TABLE),
        (r"[^\w-]", TABLE),
    ]
)
LEAVES = st.tuples(ATOMS, st.integers(1, 30)).map(
    lambda one: (f"{one[0][0]}{{{one[1]}}}", one[0][1] * one[1])
)
"""An expression, and the least that it takes."""


def _larger(inner: st.SearchStrategy[tuple[str, int]]) -> st.SearchStrategy[tuple[str, int]]:
    group = st.sampled_from(["(", "(?:", "(?i:", "(?P<b>"])
    repeated = st.tuples(group, inner, st.integers(0, 30)).map(
        lambda one: (f"{one[0]}{one[1][0]}){{{one[2]}}}", one[1][1] * one[2])
    )
    ranged = st.tuples(inner, st.integers(1, 30)).map(
        lambda one: (f"(?:{one[0][0]}){{1,{one[1]}}}?", one[0][1] * one[1])
    )
    both = st.tuples(inner, inner, st.sampled_from(["", "|"])).map(
        lambda two: (two[0][0] + two[2] + two[1][0], two[0][1] + two[1][1])
    )
    return repeated | ranged | both


@settings(max_examples=150, deadline=None)
@given(st.recursive(LEAVES, _larger, max_leaves=12))
def test_the_bound_is_never_below_what_is_written_out(made: tuple[str, int]) -> None:
    pattern, least = made
    assert cost(pattern) >= least


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=r"\w[](){}|?*+-^:x,iU19a&. ", max_size=60))
def test_any_text_has_a_cost(text: str) -> None:
    assert cost(text) >= 0
