"""What is delivered as a pull request of ours, what is remembered of it, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

BASE_SHOWN_MAX_CHARS = 150
HASH_CHARS = 12


class Outcome(StrEnum):
    """What came of a delivery; after STOPPED and CLOSED nothing was written, because people have the last word."""

    OPENED = "opened"
    UPDATED = "updated"
    UNCHANGED = "unchanged"  # the open pull request says just this already
    NOTHING = "nothing"  # the base says just this already
    STOPPED = "stopped"  # people work on the branch
    CLOSED = "closed"  # people closed the pull request without merging it


BARRED = frozenset({Outcome.STOPPED, Outcome.CLOSED})


@dataclass(frozen=True, slots=True)
class Topic:
    """What is delivered together: one open pull request at most. `name` is a kind, or "kind:what", e.g. "tests:42"."""

    name: str
    base_ref: str

    @property
    def key(self) -> str:
        """How it is remembered: every base has its own."""
        return f"{self.name}@{self.base_ref}"

    def branch(self, after: int = 0) -> str:
        """The branch that follows the merged pull request `after` (0: the first): never one that was merged already."""
        kind = self.name.partition(":")[0]
        shown = self.base_ref if len(self.base_ref) <= BASE_SHOWN_MAX_CHARS else "long"
        text = "\0".join((self.name, self.base_ref, str(after)))
        return f"quorum/{kind}/{shown}/{sha256(text.encode('utf-8', 'replace')).hexdigest()[:HASH_CHARS]}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One atomic commit on top of `base_sha`, and the pull request that offers it.

    `files` maps a path to its text, None: it is removed. They may stand below `folders` only ("": anywhere). `title` is
    one line; `title`, `body` and `message` are finished: they went through the sanitiser.
    """

    topic: Topic
    base_sha: str
    title: str
    body: str = field(repr=False)
    message: str
    files: Mapping[str, str | None] = field(repr=False)
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A topic's row: the branch was ours at `tip_sha`; `number` 0: no pull request yet. `why` explains `state`."""

    branch: str
    tip_sha: str = ""
    number: int = 0
    state: str = "open"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The pull request that holds it now (0 and "": none) and what became of the delivery.

    `why` ends a sentence that names the pull request.
    """

    outcome: Outcome
    number: int = 0
    url: str = ""
    why: str = ""
