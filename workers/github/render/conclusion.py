"""How a check run ends: GitHub's conclusion of a verdict, and the buttons that fit it."""

from __future__ import annotations

from config.repository import Conclusions
from workers.domain.review import Verdict
from workers.github.checks import CheckAction

REVIEW = CheckAction("review", "Review now", "Review this commit all the same")
REVIEW_FULL = CheckAction("review-full", "Review again", "Review this commit again, from the start")
PAUSE = CheckAction("pause", "Pause reviews", "Stop reviewing pushes")
RESUME = CheckAction("resume", "Resume reviews", "Review this commit and pushes again")

_REQUIRED = {
    Verdict.CLEAN: "success",
    Verdict.FINDINGS: "success",
    Verdict.BLOCKING: "failure",
    Verdict.PARTIAL: "action_required",
    Verdict.SKIPPED: "action_required",
    Verdict.FAILED: "failure",
}
_KINDS = {Verdict.PARTIAL: "partial", Verdict.FAILED: "failed"}
_NOT_REVIEWED = frozenset({Verdict.PARTIAL, Verdict.SKIPPED, Verdict.FAILED})


def conclusion(
    verdict: Verdict,
    required: bool,
    *,
    kind: str = "",
    rules: Conclusions | None = None,
    blocking: bool = False,
) -> str:
    """GitHub's conclusion. A required check is green only for a head that was reviewed as a whole.

    GitHub counts `neutral` and `skipped` as passing, so they are never used for what was not reviewed when the
    check is required; when it is not, trouble of ours must not stop anybody, and blocking findings only advise.
    For what was not reviewed the repository's `rules` may say otherwise, by `kind`: "ignored", "draft", "paused",
    "partial" or "failed" (the last two follow from the verdict). They speak of what was not read: with `blocking`
    findings in the rest, a required check fails all the same.
    """
    if verdict in _NOT_REVIEWED and (chosen := _chosen(rules, kind or _KINDS.get(verdict, ""))):
        return "failure" if required and blocking else chosen
    if required or verdict in {Verdict.CLEAN, Verdict.FINDINGS}:
        return _REQUIRED[verdict]
    return "neutral"


def check_actions(verdict: Verdict, paused: bool) -> tuple[CheckAction, ...]:
    """The buttons under a finished check run: a review that fits, and pausing or its end."""
    review = REVIEW if verdict is Verdict.SKIPPED else REVIEW_FULL
    return (review, RESUME if paused else PAUSE)


def _chosen(rules: Conclusions | None, kind: str) -> str | None:
    found: str | None = getattr(rules, kind) if rules is not None and kind else None
    return found
