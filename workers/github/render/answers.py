"""Answers to commands: short, and nobody is mentioned in them. Pure; the caller adds the marker."""

from __future__ import annotations

import re

from config.commands import PREFIX, CommandSpec
from workers.github.fences import code_span
from workers.github.render.effective import config_text
from workers.github.render.headline import SHORT_SHA_CHARS
from workers.github.render.help import help_text, not_there_yet
from workers.github.render.spending import cost_text
from workers.github.sanitise import Sanitiser

__all__ = [
    "config_text",
    "cost_text",
    "dismissed_text",
    "help_text",
    "nothing_new_text",
    "paused_text",
    "pending_text",
    "refused_text",
    "resumed_text",
]

WHY_MAX_CHARS = 400
REASON_MAX_CHARS = 500
LOGIN_MAX_CHARS = 60

_NO_LOGIN = re.compile(r"[^A-Za-z0-9_\[\]-]")
_OWN_WORDS = Sanitiser("")
"""For sentences that we wrote and that hold no more of others than a login."""


def refused_text(actor: str, why: str) -> str:
    """That `actor` may not do this; `why` is our own sentence, without its full stop."""
    return f"{_login(actor)}: not done, {_OWN_WORDS.line(why, WHY_MAX_CHARS).rstrip('.')}."


def pending_text(spec: CommandSpec) -> str:
    """That a command is known and does nothing yet."""
    return f"{code_span(spec.usage)}: {spec.summary} {not_there_yet(spec)}".rstrip()


def paused_text() -> str:
    """That pushes are not reviewed any more."""
    return (
        "Paused: pushes to this pull request are not reviewed. "
        f"`{PREFIX} review` reviews it once, `{PREFIX} resume` ends the pause."
    )


def resumed_text() -> str:
    """That pushes are reviewed again."""
    return "Resumed: pushes to this pull request are reviewed again."


def dismissed_text(actor: str, reason: str, sanitiser: Sanitiser, title: str = "") -> str:
    """Who dropped a finding, and why."""
    what = f"“{sanitiser.line(title)}”" if title else "this finding"
    return f"{_login(actor)} dismissed {what}: {sanitiser.line(reason, REASON_MAX_CHARS)}"


def nothing_new_text(head_sha: str) -> str:
    """That this very head was reviewed already."""
    short = head_sha[:SHORT_SHA_CHARS]
    return f"Nothing new: `{short}` is reviewed already. `{PREFIX} review full` reviews it again."


def _login(actor: str) -> str:
    """In code and without an `@`, so nobody is mailed for it; only what a login may hold."""
    return code_span(_NO_LOGIN.sub("", actor)[:LOGIN_MAX_CHARS]) or "Somebody"
