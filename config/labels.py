"""The labels that Quorum puts on pull requests: its own, so that nobody else's are touched."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "quorum: "


@dataclass(frozen=True, slots=True)
class Label:
    """A label of ours; `color` is six hexadecimal digits."""

    name: str
    color: str
    description: str


CLEAN = Label(f"{PREFIX}clean", "0e8a16", "The head was read as a whole and nothing was found")
FINDINGS = Label(f"{PREFIX}findings", "fbca04", "The head was read as a whole; nothing found blocks")
BLOCKING = Label(f"{PREFIX}blocking", "b60205", "There are findings of high or critical severity")
PARTIAL = Label(f"{PREFIX}partial", "c5def5", "The head was not reviewed as a whole")
LABELS = (CLEAN, FINDINGS, BLOCKING, PARTIAL)


def is_own(name: str) -> bool:
    """Whether a label is one of ours; GitHub knows no case of labels."""
    return name.lower() in {label.name for label in LABELS}
