"""Every event that the app handles: one file and one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.handlers import check_run, check_suite, installation, ping, pull_request
from bot.handlers.handler import Handler

HANDLERS: Mapping[str, Handler[Any]] = {
    handler.event: handler
    for handler in (
        check_run.HANDLER,
        check_suite.HANDLER,
        installation.HANDLER,
        ping.HANDLER,
        pull_request.HANDLER,
    )
}
