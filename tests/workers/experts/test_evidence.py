"""A model's statement stands where its quote stands; without proof in the file it is no finding."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workers.experts.changes import SHELL, added, changed
from workers.domain.change import ChangedFile
from workers.domain.finding import Aspect, Finding
from workers.experts.evidence import Rejected, checked
from workers.experts.statements import ModelFinding

LINE = "    subprocess.run(command, shell=True)"


def statement(**values: Any) -> ModelFinding:
    given = {
        "aspect": "security",
        "severity": "high",
        "path": "run.py",
        "quote": LINE,
        "title": "Shell injection",
        "description": "The caller's text reaches a shell.",
        "confidence": 0.9,
        "rule": "shell-injection",
    }
    return ModelFinding.model_validate({**given, **values})


def outcome(said: ModelFinding, file: ChangedFile | None = None) -> Finding | Rejected:
    file = file or added("run.py", SHELL)
    return checked(said, {file.path: file}, {Aspect.SECURITY}, "model-a")


def found(said: ModelFinding, file: ChangedFile | None = None) -> Finding:
    result = outcome(said, file)
    assert isinstance(result, Finding)
    return result


def test_the_quote_gives_the_line() -> None:
    one = found(statement())
    assert (one.line, one.start_line, one.evidence, one.rule) == (5, None, LINE, "model/shell-injection")


def test_several_lines_give_a_range() -> None:
    one = found(statement(quote="def run(command):\n    subprocess.run(command, shell=True)"))
    assert (one.start_line, one.line) == (4, 5)


def test_the_gutter_of_the_excerpt_is_forgiven() -> None:
    assert found(statement(quote="     5 +|     subprocess.run(command, shell=True)")).line == 5


def test_an_invented_quote_is_dropped() -> None:
    assert outcome(statement(quote="os.system(user_input)")) == Rejected("evidence not found")


def test_an_empty_quote_is_dropped() -> None:
    assert outcome(statement(quote=" \n ")) == Rejected("evidence not found")


def test_a_path_outside_the_change_is_dropped() -> None:
    assert outcome(statement(path="../../etc/passwd")) == Rejected("path not in the change")


def test_an_aspect_nobody_asked_for_is_dropped() -> None:
    assert outcome(statement(aspect="documentation")) == Rejected("aspect not asked for")


def test_an_ambiguous_quote_is_about_the_file() -> None:
    twice = added("run.py", "call(value)\nother(value)\ncall(value)\n")
    assert found(statement(quote="call(value)"), twice).line is None


def test_a_removed_line_is_about_the_file() -> None:
    patch = "@@ -1,2 +1 @@\n-check_permission(user)\n do(user)"
    file = changed("run.py", patch, "do(user)\n")
    assert found(statement(quote="check_permission(user)"), file).line is None


@pytest.mark.parametrize(("severity", "spoken"), [("critical", True), ("high", True), ("medium", False)])
def test_code_far_from_the_change_is_spoken_of_only_if_it_is_dangerous(severity: str, spoken: bool) -> None:
    text = "\n".join(f"line_number_{number}" for number in range(1, 60)) + "\n"
    file = changed("run.py", "@@ -1 +1,2 @@\n line_number_1\n+line_number_2", text)
    result = outcome(statement(quote="line_number_50", severity=severity), file)
    assert (result != Rejected("outside the change")) is spoken


def test_a_suggestion_for_exactly_the_quoted_line_is_kept() -> None:
    better = "    subprocess.run([command])"
    assert found(statement(suggestion=better)).suggestion == better


def test_a_suggestion_that_changes_nothing_is_dropped() -> None:
    assert found(statement(suggestion=LINE + "  \n")).suggestion is None


def test_a_suggestion_for_part_of_a_line_is_dropped() -> None:
    part = statement(quote="subprocess.run(command", suggestion="subprocess.run([command]")
    assert found(part).suggestion is None


def test_a_suggestion_with_a_redaction_mark_is_dropped() -> None:
    assert found(statement(suggestion="    login('«secret:password:1»')")).suggestion is None


def test_a_suggestion_on_a_moved_anchor_is_dropped() -> None:
    text = "\n".join(f"line_number_{number}" for number in range(1, 30)) + "\n"
    file = changed("run.py", "@@ -9,2 +9,3 @@\n line_number_9\n+line_number_10\n line_number_11", text)
    one = found(statement(quote="line_number_13", suggestion="better"), file)
    assert (one.line, one.suggestion) == (11, None)


def test_over_long_texts_are_cut_not_refused() -> None:
    assert len(found(statement(title="x" * 500)).title) == 120


def test_rules_become_slugs() -> None:
    assert found(statement(rule="SQL Injection (CWE-89)!")).rule == "model/sql-injection-cwe-89"
