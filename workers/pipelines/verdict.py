"""The truth about a head in one word and one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.finding import Finding, Severity
from workers.domain.review import Coverage, Verdict
from workers.pipelines.coverage import Ledger

BLOCKING = frozenset({Severity.CRITICAL, Severity.HIGH})


def judge(findings: Sequence[Finding], ledger: Ledger, *, required: bool) -> tuple[Verdict, str]:
    """The verdict and its reason.

    Blocking findings block, if the repository wants that, however much was read. Otherwise a head that was not read
    as a whole is partial: never clean, whatever was found in the rest.
    """
    blocking = sum(finding.severity in BLOCKING for finding in findings)
    unread, coverage = len(ledger.unread), ledger.entries
    gap = f"; {_count(unread, 'file was', 'files were')} not fully read" if unread else ""
    if blocking and required:
        return Verdict.BLOCKING, f"{_count(blocking, 'finding blocks', 'findings block')} the merge{gap}."
    if unread:
        found = (
            f"{_count(len(findings), 'finding', 'findings')} in the rest"
            if findings
            else "nothing found in the rest"
        )
        return (
            Verdict.PARTIAL,
            f"{unread} of {_count(len(coverage), 'file', 'files')} not fully read; {found}.",
        )
    if findings:
        return Verdict.FINDINGS, f"{_count(len(findings), 'finding', 'findings')} in {_reviewed(coverage)}."
    return (
        Verdict.CLEAN,
        f"No findings in {_reviewed(coverage)}." if coverage else "The change holds no files.",
    )


def _reviewed(coverage: Sequence[Coverage]) -> str:
    read = sum(entry.omitted is None for entry in coverage)
    return f"{read} of {_count(len(coverage), 'changed file', 'changed files')}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
