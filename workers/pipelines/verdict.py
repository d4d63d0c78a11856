"""The truth about a head in one word and one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.change import Omission
from workers.domain.finding import Finding
from workers.domain.review import Coverage, Verdict
from workers.pipelines.coverage import Ledger


def judge(
    findings: Sequence[Finding], ledger: Ledger, *, unlisted: int = 0, too_poor: str = ""
) -> tuple[Verdict, str]:
    """The verdict and its reason; `unlisted` counts changed files that have no entry in `ledger`.

    A head of which the configuration leaves nothing to read is skipped, like any other that it leaves out.
    A head that was not read as a whole is partial: never clean, whatever was found in the rest. Otherwise critical and
    high findings are blocking; whether they stop the merge is for the check's conclusion to say. Without any, a head of
    which models, a stronger one at last, spoke too poorly is partial: `too_poor` says how, in words like "quality 0.61
    of 0.85: ...". It doesn't come first, or a text that confuses a model would lift a block.
    """
    blocking = sum(finding.severity.blocks for finding in findings)
    unread, coverage = len(ledger.unread) + unlisted, ledger.entries
    if unread:
        files = _count(len(coverage) + unlisted, "file", "files")
        return (
            Verdict.PARTIAL,
            f"{unread} of {files} not fully read{'' if findings else '; nothing found in the rest'}.",
        )
    if blocking:
        said = _count(blocking, "blocking finding", "blocking findings")
        return Verdict.BLOCKING, f"{said} in {_reviewed(coverage)}."
    if too_poor:
        return (
            Verdict.PARTIAL,
            f"Read in full, but not well enough ({too_poor}){'' if findings else '; nothing found'}.",
        )
    if findings:
        return Verdict.FINDINGS, f"{_count(len(findings), 'finding', 'findings')} in {_reviewed(coverage)}."
    if _left_out(coverage):
        told = f"`ignore.paths` leaves nothing to read of {_count(len(coverage), 'changed file', 'changed files')}"
        return Verdict.SKIPPED, f"{told}, and nobody is asked about those."
    if not coverage:
        return Verdict.CLEAN, "The change holds no files."
    return Verdict.CLEAN, f"No findings in {_reviewed(coverage)}."


def _left_out(coverage: Sequence[Coverage]) -> bool:
    """Whether nothing was read because the repository wanted it so: nobody may take that for a review."""
    omitted = [entry.omitted for entry in coverage]
    return None not in omitted and Omission.FILTERED in omitted


def _reviewed(coverage: Sequence[Coverage]) -> str:
    read = sum(entry.omitted is None for entry in coverage)
    return f"{read} of {_count(len(coverage), 'changed file', 'changed files')}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
