"""Whether a change does what the issues that it closes ask for: a model's word, and only with changed code for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workers.analysis.anchors import Anchor, sight
from workers.analysis.quoting import squeezed
from workers.domain.change import Change, ChangedFile, LinkedIssue
from workers.domain.description import IssueCheck, Met
from workers.pipelines.describing.answer import WHY_MAX_CHARS, IssueSaid, line

QUOTE_MIN_CHARS = 3
SHOWN = (Met.MET, Met.PART)
NO_EVIDENCE = "No changed code was named that shows it."
NOBODY_SAID = "The answer says nothing about it."


def unasked(issues: Sequence[LinkedIssue]) -> tuple[IssueCheck, ...]:
    """Nobody was asked, so nobody knows."""
    return tuple(IssueCheck(one.number, one.title, Met.UNKNOWN) for one in issues)


def checked(said: Sequence[IssueSaid], change: Change) -> tuple[IssueCheck, ...]:
    """Each linked issue once, in its order; what a model says of others counts for nothing."""
    by_number: dict[int, IssueSaid] = {}
    for one in said:
        by_number.setdefault(one.number, one)
    return tuple(_check(issue, by_number, change) for issue in change.linked)


def _check(issue: LinkedIssue, said: Mapping[int, IssueSaid], change: Change) -> IssueCheck:
    one = said.get(issue.number)
    if one is None:
        return IssueCheck(issue.number, issue.title, Met.UNKNOWN, NOBODY_SAID)
    met = next((each for each in Met if each == one.state), Met.UNKNOWN)
    check = IssueCheck(issue.number, issue.title, met, line(one.why, WHY_MAX_CHARS))
    if met not in SHOWN:
        return check
    return _proven(check, one, change.file(one.path.strip().removeprefix("./")))


def _proven(check: IssueCheck, said: IssueSaid, file: ChangedFile | None) -> IssueCheck:
    """`check` with the place of its evidence; "not shown" when no changed line says what was quoted."""
    if file is not None and len(squeezed(said.quote)) >= QUOTE_MIN_CHARS:
        seen = sight(said.quote, file, near=None)
        if seen.anchor is not None and _is_changed(seen.anchor, file):
            return replace(check, path=file.path, line=seen.anchor.line, start_line=seen.anchor.start_line)
        if seen.said and seen.anchor is None and _is_gone(said.quote, file):
            return replace(check, path=file.path, removed=True)
    return replace(check, met=Met.NOT_SHOWN, why=f"{check.why} {NO_EVIDENCE}".strip())


def _is_changed(anchor: Anchor, file: ChangedFile) -> bool:
    lines = range(anchor.start_line or anchor.line, anchor.line + 1)
    return not file.added_lines().isdisjoint(lines)


def _is_gone(quote: str, file: ChangedFile) -> bool:
    """Whether only removed lines say it: the new side, without the hunks' old one, does not."""
    return file.text is None or not sight(quote, replace(file, hunks=()), near=None).said
