"""Each rule matches the code it is for and leaves its neighbour alone."""

from __future__ import annotations

from collections import Counter

import pytest
from ast_grep_py import SgRoot

from workers.analysis.tools.ast_grep import LANGUAGES
from workers.analysis.tools.rules.loading import Rule, rules, texts
from workers.domain.finding import Aspect, Severity

EVERY = [(language, rule) for language in sorted(LANGUAGES) for rule in rules(language)]
IDS = [f"{language}-{rule.id}" for language, rule in EVERY]


@pytest.mark.parametrize(("language", "rule"), EVERY, ids=IDS)
def test_rule_matches_its_bad_examples_only(language: str, rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    for code in rule.bad:
        assert rule.concerns(code), code
        assert SgRoot(code, language).root().find_all(rule.config), code  # type: ignore[call-overload]
    for code in rule.good:
        assert not SgRoot(code, language).root().find_all(rule.config), code  # type: ignore[call-overload]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_language_has_six_security_rules(language: str) -> None:
    aspects = Counter(texts()[rule.id].aspect for rule in rules(language))
    assert aspects["security"] >= 6
    assert aspects["performance"] >= 1


def test_every_text_is_complete() -> None:
    for text in texts().values():
        assert Severity(text.severity)
        assert Aspect(text.aspect)
        assert text.title
        assert text.why.endswith(".")
        assert text.fix.endswith((".", "…"))
        assert (text.aspect == "security") == bool(text.cwe), text.id


def test_rules_of_unknown_languages_are_none() -> None:
    assert rules("klingon") == ()


def test_a_text_without_the_words_of_a_rule_is_passed_over() -> None:
    rule = Rule("a", "low", {}, needs=(("open", "read"), ("request",)))
    assert [rule.concerns(text) for text in ("open(request)", "open(path)", "request")] == [
        True,
        False,
        False,
    ]
