"""The verdict is the truth: what was not read is never clean."""

from __future__ import annotations

from tests.workers.experts.changes import finding
from workers.domain.finding import Severity
from workers.domain.review import Coverage, Verdict
from workers.pipelines.coverage import Ledger
from workers.pipelines.verdict import judge

READ = Ledger((Coverage("a.py", ("ruff",)), Coverage("b.py", ("ruff",))), frozenset())
GAP = Ledger(READ.entries, frozenset({"b.py"}))


def test_all_read_and_nothing_found_is_clean() -> None:
    assert judge([], READ, required=True) == (Verdict.CLEAN, "No findings in 2 of 2 changed files.")


def test_findings_are_findings() -> None:
    assert judge([finding()], READ, required=False) == (
        Verdict.FINDINGS,
        "1 finding in 2 of 2 changed files.",
    )


def test_high_findings_block_where_the_check_is_required() -> None:
    assert judge([finding()], READ, required=True) == (Verdict.BLOCKING, "1 finding blocks the merge.")


def test_medium_findings_do_not_block() -> None:
    assert judge([finding(severity=Severity.MEDIUM)], READ, required=True)[0] is Verdict.FINDINGS


def test_a_gap_is_never_clean() -> None:
    assert judge([], GAP, required=False) == (
        Verdict.PARTIAL,
        "1 of 2 files not fully read; nothing found in the rest.",
    )


def test_a_gap_is_told_with_what_was_found_all_the_same() -> None:
    assert judge([finding()], GAP, required=False)[1] == "1 of 2 files not fully read; 1 finding in the rest."


def test_a_blocking_finding_blocks_in_spite_of_a_gap() -> None:
    assert judge([finding()], GAP, required=True) == (
        Verdict.BLOCKING,
        "1 finding blocks the merge; 1 file was not fully read.",
    )


def test_no_files_are_clean() -> None:
    assert judge([], Ledger((), frozenset()), required=True) == (
        Verdict.CLEAN,
        "The change holds no files.",
    )
