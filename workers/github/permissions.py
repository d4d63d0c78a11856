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

HEARING: Permissions = (
    ("contents", "read"),
    ("metadata", "read"),
    ("pull_requests", "read"),
)
"""What people said at our comments, who they are, and the code beside it."""

ISSUES: Permissions = (("issues", "read"), ("metadata", "read"))
"""The issues that a pull request closes. A token of its own: an installation that doesn't grant it is reviewed too."""

OPTIONAL: Permissions = (("security_events", "write"),)
"""What the manifest doesn't ask for: it opens every alert of a repository, and few repositories hand anything over."""

CODE_SCANNING: Permissions = (("metadata", "read"), *OPTIONAL)
"""An upload to code scanning. A token of its own: an installation that doesn't grant it is reviewed all the same."""

COMMAND: Permissions = (
    ("contents", "read"),
    ("metadata", "read"),
    ("pull_requests", "write"),
)
"""A command: who may give it, the configuration, reactions and answers."""

DELIVER: Permissions = (
    ("contents", "write"),
    ("metadata", "read"),
    ("pull_requests", "write"),
)
"""A pull request of our own: its branch, its commit, itself. Minted for that job only."""

RESOLVE: Permissions = (
    ("contents", "write"),
    ("metadata", "read"),
    ("pull_requests", "write"),
)
"""Resolving a thread, for which GitHub wants `contents: write`; nothing is written there. Minted for that call alone."""
