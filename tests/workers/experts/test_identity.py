"""A finding keeps its identity while code moves, and loses it when the code or the defect is another."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.workers.experts.changes import finding
from workers.analysis.symbols import Symbol
from workers.domain.finding import Finding
from workers.experts.identity import identified


def prints(*findings: Finding) -> list[str]:
    return [one.fingerprint for one in identified(findings, {})]


def test_it_is_sixteen_hex_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", prints(finding())[0])


def test_a_moved_line_keeps_it() -> None:
    assert prints(finding(line=5)) == prints(finding(line=90))


def test_reformatted_code_keeps_it() -> None:
    assert prints(finding(evidence="f( a )\n  b")) == prints(finding(evidence="  f( a ) b"))


def test_reworded_text_keeps_it() -> None:
    assert prints(finding(title="one")) == prints(finding(title="two"))


def test_other_code_rule_or_path_changes_it() -> None:
    assert len(set(prints(finding(), finding(evidence="x"), finding("ruff/S1"), finding(path="b.py")))) == 4


def test_the_enclosing_function_is_part_of_it() -> None:
    inside = {"run.py": (Symbol("run", "function", 4, 6, public=True, has_doc=False),)}
    assert identified([finding()], inside)[0].fingerprint != prints(finding())[0]


def test_equal_ones_are_numbered_from_the_top_whatever_their_order() -> None:
    first, second = finding(line=5), finding(line=9)
    assert prints(first, second) == prints(second, first)[::-1]
    assert len(set(prints(first, second))) == 2


def test_text_that_is_not_unicode_has_one_too() -> None:
    assert prints(replace(finding(), evidence="\udcff"))
