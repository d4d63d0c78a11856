"""What is remembered of a pull request between two runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """What was said last about a pull request: about which head and base, the verdict, and why it was skipped."""

    head_sha: str
    base_sha: str
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paused:
    """Why reviews are paused: `actor` is who asked for it, "" when `review.auto_pause_pushes` was reached."""

    actor: str
    at: float


@dataclass(frozen=True, slots=True)
class PullMemory:
    """The state of one pull request. `pushes` counts the heads reviewed by themselves since somebody last asked."""

    said: Said | None = None
    paused: Paused | None = None
    pushes: int = 0


@dataclass(frozen=True, slots=True)
class KeptConfig:
    """A configuration file that was valid: `origin` says where and when, e.g. ".github/quorum.yml@1a2b3c4"."""

    origin: str
    blob_sha: str
    text: str
