"""Where threads are brought up to their findings, and how that ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from workers.experts.closing import Why
from workers.github.client import InstallationClient


class End(StrEnum):
    """What was done about a thread; `said`: in its comment alone, since we may not resolve."""

    RESOLVED = "resolved"
    REOPENED = "reopened"
    SAID = "said"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Place:
    """A pull request at a head, and in whose name we write; `fence` is asked before each write."""

    client: InstallationClient
    installation_id: int
    repo_id: int
    full_name: str
    number: int
    head_sha: str
    bot_id: int
    fence: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many threads ended how, how many were left and why, and whether all threads were looked at."""

    ends: Counter[End] = field(default_factory=Counter)
    left: Counter[Why] = field(default_factory=Counter)
    whole: bool = True
