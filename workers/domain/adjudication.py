"""What was said on a pull request, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workers.domain.finding import Finding


class Fate(StrEnum):
    """What became of a finding. `accepted`: they mean to fix it; `declined`: they won't; `outdated`: its code left."""

    OPEN = "open"
    FIXED = "fixed"
    DISMISSED = "dismissed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OUTDATED = "outdated"

    @property
    def settled(self) -> bool:
        """Whether people said no: it is not said again, whatever the code does."""
        return self in (Fate.DISMISSED, Fate.DECLINED)

    @property
    def stands(self) -> bool:
        """Whether it speaks of code that was there at the last head."""
        return self not in (Fate.FIXED, Fate.OUTDATED)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finding of an earlier round, at its place at the head that was reviewed last; `reason` is people's word."""

    finding: Finding
    fate: Fate = Fate.OPEN
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that a round read: the blob, the names of the tools that read all of it, and whether a model did."""

    blob_sha: str
    tools: frozenset[str] = frozenset()
    model: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """One review that was posted: of which head and base, and which changed files it read."""

    generation: int
    head_sha: str
    base_sha: str
    files: Mapping[str, ReadFile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a pull request before a round: the last round, all that was said, and old texts.

    `texts` are texts at the last round's head, by path, of files that read otherwise now or are gone. A file that
    the round read and whose old text is missing counts as not read.
    """

    last: Round
    earlier: tuple[Earlier, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What a round made of a finding of an earlier one: `finding` at its present place."""

    finding: Finding
    before: Fate
    now: Fate
    why: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Converged:
    """A round beside the earlier ones.

    `findings` is all that is true of the head: what stands of earlier rounds, under its old fingerprint, and what is
    new (`fresh`). `withheld` is new, minor and about code that did not change, so it is not said; `dropped` was found
    again though people had said no to it.
    """

    findings: tuple[Finding, ...]
    fresh: frozenset[str]
    withheld: tuple[Finding, ...] = ()
    dropped: tuple[Finding, ...] = ()
    rulings: tuple[Adjudication, ...] = ()

    def told(self, said: Collection[str]) -> tuple[Earlier, ...]:
        """What is known after this round; of what is new only what was `said`, by fingerprint."""
        judged = tuple(Earlier(one.finding, one.now, one.reason) for one in self.rulings)
        new = (one for one in self.findings if one.fingerprint in self.fresh and one.fingerprint in said)
        return (*judged, *(Earlier(one) for one in new))
