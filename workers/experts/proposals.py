"""Suggestions on their way to a pull request: offered where committing them is safe, told in words where it is not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from workers.analysis.suggestions import Draft, applied, changes, fitted
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding

SUGGESTION_MAX_LINES = 40
MARK_OF_SECRET = "«secret:"  # noqa: S105 - what redaction leaves behind, no secret

Objections = Callable[[Sequence[Draft]], Awaitable[Sequence[str]]]
"""For each draft why it must not be offered, or an empty text."""

MOVED = "it replaces other lines than the comment can stand on"
UNCHECKED = "nothing could check it"


def proposed(finding: Finding, suggestion: str | None, file: ChangedFile, *, exact: bool) -> Finding:
    """`finding` with `suggestion`, fitted to the lines that it replaces; in words if those are not `exact`.

    An empty one is none: models leave it empty when they have nothing to propose. One that changes nothing, or that
    holds the mark of a secret, is dropped.
    """
    if not suggestion or not suggestion.strip() or MARK_OF_SECRET in suggestion:
        return finding
    if not exact or finding.line is None or file.text is None:
        return in_words(replace(finding, suggestion=suggestion), MOVED)
    lines = file.text, finding.start_line or finding.line, finding.line
    text = fitted(suggestion, *lines)
    if not text.strip() or not changes(text, *lines):
        return finding
    whole = replace(finding, suggestion=text)
    too_long = text.count("\n") >= SUGGESTION_MAX_LINES
    return in_words(whole, f"it has more than {SUGGESTION_MAX_LINES} lines") if too_long else whole


def in_words(finding: Finding, why: str) -> Finding:
    """`finding` with its suggestion as a part of its recommendation, and why it can't be committed from there."""
    if not finding.suggestion:
        return finding
    lines = finding.suggestion.split("\n")
    shown = "\n".join(lines[:SUGGESTION_MAX_LINES])
    more = (
        f"\n(and {len(lines) - SUGGESTION_MAX_LINES} more lines)" if len(lines) > SUGGESTION_MAX_LINES else ""
    )
    fence = "`" * max(3, _longest_run(shown) + 1)
    told = f"Proposed, but not to be committed from here, as {why}:\n\n{fence}\n{shown}\n{fence}{more}"
    return replace(finding, recommendation=f"{finding.recommendation}\n\n{told}".strip(), suggestion=None)


async def offered(
    findings: Sequence[Finding], files: Mapping[str, ChangedFile], objections: Objections | None
) -> tuple[Finding, ...]:
    """`findings` in which only suggestions are left that were checked and found harmless; the worst findings first."""
    order = sorted((one for one in findings if one.suggestion), key=lambda one: one.severity.rank)
    drafts = [_draft(one, files.get(one.path)) for one in order]
    why = await objections(drafts) if objections is not None else [UNCHECKED] * len(drafts)
    said = {id(one): word for one, word in zip(order, why, strict=True) if word}
    return tuple(in_words(one, said[id(one)]) if id(one) in said else one for one in findings)


def _draft(finding: Finding, file: ChangedFile | None) -> Draft:
    text, last = (file.text if file else None) or "", finding.line or 1
    return Draft(
        finding.path, text, applied(finding.suggestion or "", text, finding.start_line or last, last)
    )


def _longest_run(text: str) -> int:
    longest = run = 0
    for char in text:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    return longest
