"""The verdict is the truth: what was not read is never clean."""

from __future__ import annotations

from tests.workers.experts.changes import finding
from workers.domain.change import Omission
from workers.domain.finding import Severity
from workers.domain.review import Coverage, Verdict
from workers.pipelines.coverage import Ledger
from workers.pipelines.verdict import judge

READ = Ledger((Coverage("a.py", ("ruff",)), Coverage("b.py", ("ruff",))), frozenset())
GAP = Ledger(READ.entries, frozenset({"b.py"}))


def test_all_read_and_nothing_found_is_clean() -> None:
    assert judge([], READ) == (Verdict.CLEAN, "No findings in 2 of 2 changed files.")


def test_findings_are_findings() -> None:
    assert judge([finding(severity=Severity.LOW)], READ) == (
        Verdict.FINDINGS,
        "1 finding in 2 of 2 changed files.",
    )


def test_high_findings_are_blocking() -> None:
    assert judge([finding()], READ) == (Verdict.BLOCKING, "1 blocking finding in 2 of 2 changed files.")


def test_medium_findings_do_not_block() -> None:
    assert judge([finding(severity=Severity.MEDIUM)], READ)[0] is Verdict.FINDINGS


def test_files_that_nobody_listed_are_a_gap() -> None:
    assert judge([], READ, unlisted=3) == (
        Verdict.PARTIAL,
        "3 of 5 files not fully read; nothing found in the rest.",
    )


def test_a_gap_is_never_clean() -> None:
    assert judge([], GAP) == (
        Verdict.PARTIAL,
        "1 of 2 files not fully read; nothing found in the rest.",
    )


def test_what_was_found_beside_a_gap_is_counted_elsewhere() -> None:
    assert judge([finding()], GAP)[1] == "1 of 2 files not fully read."


def test_a_gap_is_told_before_what_blocks() -> None:
    """What was found has its own place; that something was not read must not be overlooked."""
    assert judge([finding(severity=Severity.CRITICAL)], GAP)[0] is Verdict.PARTIAL


POOR = "quality 0.61 of 0.85: 3 of 8 statements had no place in the change"


def test_a_review_that_stayed_too_poor_is_partial_and_says_why() -> None:
    assert judge([finding(severity=Severity.MEDIUM)], READ, too_poor=POOR) == (
        Verdict.PARTIAL,
        f"Read in full, but not well enough ({POOR}).",
    )


def test_poor_words_lift_no_block() -> None:
    found = [finding(severity=Severity.HIGH)]
    assert judge(found, READ, too_poor=POOR) == judge(found, READ)


def test_what_was_not_read_is_told_before_how_well_the_rest_was() -> None:
    assert judge([], GAP, too_poor=POOR) == judge([], GAP)


def test_what_the_configuration_leaves_out_is_skipped_and_what_holds_nothing_to_read_is_clean() -> None:
    ours, made = Coverage("a.md", omitted=Omission.FILTERED), Coverage("b.lock", omitted=Omission.GENERATED)
    verdict, reason = judge([], Ledger((ours, made), frozenset()))
    assert (verdict, "`ignore.paths` leaves nothing to read of 2" in reason) == (Verdict.SKIPPED, True)
    assert judge([], Ledger((made,), frozenset()))[0] is Verdict.CLEAN
    assert judge([], Ledger((ours, *READ.entries), frozenset()))[0] is Verdict.CLEAN


def test_no_files_are_clean() -> None:
    assert judge([], Ledger((), frozenset())) == (
        Verdict.CLEAN,
        "The change holds no files.",
    )
