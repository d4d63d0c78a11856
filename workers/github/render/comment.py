"""A finding as a comment: what, why, a suggestion, and two folds: what it rests on, and a task for an agent."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.finding import Finding
from workers.github.fences import cap, fenced
from workers.github.markers import finding_marker
from workers.github.render.blocks import fold, paragraphs
from workers.github.render.doubts import doubted
from workers.github.render.findings import ICONS
from workers.github.render.places import location
from workers.github.render.prompt import prompt_fold
from workers.github.render.rendering import Rendering
from workers.github.render.votes import found_and_verified, votes


def inline(finding: Finding, rendering: Rendering, readers: Sequence[str] = ()) -> str:
    """The comment at a finding's line; a suggestion only if the finding holds one that can be posted verbatim.

    `readers` are the models that read the file.
    """
    return _comment(finding, rendering, readers, _suggestion(finding, rendering))


def file_comment(finding: Finding, rendering: Rendering, readers: Sequence[str] = ()) -> str:
    """The comment on a file as a whole: there are no lines that a suggestion could replace."""
    return _comment(finding, rendering, readers, "")


def entry(finding: Finding, head_sha: str, rendering: Rendering, readers: Sequence[str] = ()) -> str:
    """The whole finding in a report: what the comment says, and where."""
    title = f"### {ICONS[finding.severity]} {rendering.sanitiser.line(finding.title)}"
    where = f"{location(finding, head_sha, rendering)} · {_first(finding, rendering, readers)}"
    return paragraphs(title, where, *_explained(finding, rendering))


def _comment(finding: Finding, rendering: Rendering, readers: Sequence[str], suggestion: str) -> str:
    blocks = (
        f"{ICONS[finding.severity]} {_first(finding, rendering, readers)}",
        f"**{rendering.sanitiser.line(finding.title)}**",
        *_explained(finding, rendering),
        suggestion,
        doubted(finding, rendering),
        _evidence(finding, rendering),
        prompt_fold(finding, rendering),
    )
    return f"{cap(paragraphs(*blocks))}\n\n{finding_marker(finding.fingerprint)}"


def _first(finding: Finding, rendering: Rendering, readers: Sequence[str]) -> str:
    return f"**{finding.severity}** · {finding.aspect} · {votes(finding, readers, rendering)}"


def _explained(finding: Finding, rendering: Rendering) -> tuple[str, str]:
    clean = rendering.sanitiser.clean
    advice = clean(finding.recommendation.strip())
    # a fence opens at the start of a line only: behind a word its inside would be prose, and its end an opening
    between = "\n\n" if advice.startswith("```") else " "
    return clean(finding.description.strip()), f"**Fix:**{between}{advice}" if advice else ""


def _suggestion(finding: Finding, rendering: Rendering) -> str:
    """GitHub offers the block to be committed as it is: what would have to be changed to be safe is not offered."""
    if (
        finding.suggestion is None
        or finding.line is None
        or not rendering.sanitiser.verbatim(finding.suggestion)
    ):
        return ""
    lines = finding.suggestion.removesuffix("\n").split("\n") if finding.suggestion else []
    return fenced(lines, "suggestion")


def _evidence(finding: Finding, rendering: Rendering) -> str:
    """The quoted code, who found it and who checked it, and what each doubt rests on."""
    code = rendering.sanitiser.code
    quote = code(finding.evidence) if finding.evidence.strip() else ""
    against = [
        f"Against it, {rendering.sanitiser.line(doubt.by.name, 60)}:\n\n{code(doubt.quote)}"
        for doubt in finding.doubts
        if doubt.quote.strip()
    ]
    who = found_and_verified(finding, rendering)
    return fold("Evidence", paragraphs(quote, f"Found by {who}.", *against))
