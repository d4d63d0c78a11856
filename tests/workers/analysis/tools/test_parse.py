"""What a parser can't make sense of is counted by kind, for every language that has a grammar."""

from __future__ import annotations

from collections import Counter

import pytest

from workers.analysis.languages import Language
from workers.analysis.tools.parse import SEEN_MAX, check
from workers.analysis.tools.protocol import Given


def kinds(language: str, text: str) -> Counter[str]:
    return Counter(one.rule for one in check(Given("x", language, frozenset(), text)).seen)


@pytest.mark.parametrize("language", list(Language))
def test_every_language_has_a_parser(language: Language) -> None:
    assert not check(Given("x", language, frozenset(), "")).partial


def test_a_bracket_that_the_parser_put_there_is_missing() -> None:
    assert kinds("javascript", "function f() { return 1") == {"missing": 1}


def test_python_refuses_indentation_that_the_grammar_forgives() -> None:
    assert kinds("python", "def f():\n        x = 1\n    y = 2\n") == {"refused": 1}


def test_good_code_has_no_faults() -> None:
    assert not kinds("python", "def f(a):\n    return '\\d'\n")


def test_an_unknown_language_is_said_not_parsed() -> None:
    assert check(Given("x", "klingon", frozenset(), "x")).partial


def test_faults_are_counted_up_to_a_limit() -> None:
    assert kinds("json", "{]" * SEEN_MAX).total() <= SEEN_MAX
