"""Why a pull request is not reviewed: the configuration's rules, as a sentence for its check run."""

from __future__ import annotations

from dataclasses import dataclass

from config.repository import RepositoryConfig
from workers.domain.change import PullRequest
from workers.domain.memory import PullMemory


@dataclass(frozen=True, slots=True)
class Skip:
    """`kind` is a key of `review.conclusions`: "ignored", "draft" or "paused"."""

    kind: str
    reason: str


def why_skip(
    pull: PullRequest, config: RepositoryConfig, memory: PullMemory, *, own_id: int = 0
) -> Skip | None:
    """The reason to leave `pull` alone, or None when it is to be reviewed. `own_id` is our bot's user id.

    Whoever may command can ask for a review all the same; that is not decided here.
    """
    if not config.review.enabled:
        return Skip("ignored", "reviews are off (`review.enabled`)")
    if own_id and pull.author_id == own_id:
        return Skip("ignored", "it is one of Quorum's own")
    if memory.paused is not None:
        return Skip("paused", _paused(memory.paused.actor))
    if pull.draft and not config.review.drafts:
        return Skip("draft", "the pull request is a draft (`review.drafts` is off)")
    reason = config.ignore.reason(
        author=pull.author, title=pull.title, labels=pull.labels, base_ref=pull.base_ref
    ) or config.ignore.too_large(files=pull.changed_files, lines=pull.changed_lines)
    return Skip("ignored", reason) if reason else None


def _paused(actor: str) -> str:
    if actor:
        return f"reviews were paused by {actor}; `/quorum resume` goes on"
    return (
        "reviews paused themselves after many pushes (`review.auto_pause_pushes`); `/quorum resume` goes on"
    )
