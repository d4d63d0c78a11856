"""Why a pull request is not reviewed: the configuration's rules, as a sentence for its check run."""

from __future__ import annotations

from config.repository import RepositoryConfig
from workers.domain.change import PullRequest


def why_skip(pull: PullRequest, config: RepositoryConfig) -> str | None:
    """The reason to leave `pull` alone, or None when it is to be reviewed."""
    if pull.state != "open":
        return f"the pull request is {pull.state}"
    if not config.review.enabled:
        return "reviews are off (`review.enabled`)"
    if pull.draft and not config.review.drafts:
        return "the pull request is a draft (`review.drafts` is off)"
    return config.ignore.reason(
        author=pull.author, title=pull.title, labels=pull.labels, base_ref=pull.base_ref
    )
