"""Every event that the app handles: one file and one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.handlers import (
    check_run,
    check_suite,
    installation,
    installation_repositories,
    installation_target,
    issue_comment,
    ping,
    pull_request,
    pull_request_review_comment,
    pull_request_review_thread,
    push,
    repository,
)
from bot.handlers.handler import Handler

HANDLERS: Mapping[str, Handler[Any]] = {
    handler.event: handler
    for handler in (
        check_run.HANDLER,
        check_suite.HANDLER,
        installation.HANDLER,
        installation_repositories.HANDLER,
        installation_target.HANDLER,
        issue_comment.HANDLER,
        ping.HANDLER,
        pull_request.HANDLER,
        pull_request_review_comment.HANDLER,
        pull_request_review_thread.HANDLER,
        push.HANDLER,
        repository.HANDLER,
    )
}
