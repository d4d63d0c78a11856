"""Structured logs: JSON lines with a bound context, and nothing in them that looks like a secret."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRETS = re.compile(
    r"gh[pousr]_[A-Za-z0-9._-]{16,}"
    r"|github_pat_[A-Za-z0-9_]{20,}"
    r"|(?i:bearer|token|basic)\s+[A-Za-z0-9._~+/=-]{16,}"
    r"|sk-[A-Za-z0-9_-]{16,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
"""Shapes that never belong in a log: GitHub tokens, provider keys, JWTs, PEM keys, passwords in URLs."""


def scrub(text: str) -> str:
    """`text` with everything that looks like a secret replaced by "[redacted]"."""
    return SECRETS.sub("[redacted]", text)


def _scrub_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = scrub(value)
    return event


def configure_logging(level: str = "INFO", *, json: bool = True) -> None:
    """Send structlog's and the standard library's records to stderr, one line each, scrubbed."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _scrub_event,
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False),
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(logging.WARNING, logging.getLevelNamesMapping()[level]), stream=sys.stderr)
