"""The least permissions of each kind of job; a token is minted with these and for one repository."""

from __future__ import annotations

Permissions = tuple[tuple[str, str], ...]

READ: Permissions = (("contents", "read"), ("metadata", "read"))
"""Configuration and planning."""

REVIEW: Permissions = (
    ("checks", "write"),
    ("contents", "read"),
    ("metadata", "read"),
    ("pull_requests", "write"),
)
"""A review run: check run, review, comments on the pull request."""

COMMAND: Permissions = (
    ("contents", "read"),
    ("metadata", "read"),
    ("pull_requests", "write"),
)
"""A command: who may give it, the configuration, reactions and answers."""
