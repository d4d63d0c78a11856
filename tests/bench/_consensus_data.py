"""Comments of many reviewers on pull requests whose defects are known, and how they are split and counted."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Comment:
    """`matches` are the known defects that it states; `label` is valid, noise or repeat."""

    pull: int
    reviewer: str
    text: str
    matches: frozenset[str]
    label: str


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull request; `known` are its defects, `repository` groups pull requests of one project."""

    repository: str
    known: frozenset[str]
    comments: tuple[Comment, ...]

    def found(self) -> frozenset[str]:
        """Its defects that anybody found."""
        return frozenset(match for comment in self.comments for match in comment.matches)


@dataclass(frozen=True, slots=True)
class Published:
    """A statement that is made: what its spokesman states, what any of the merged ones states, the spokesman's label."""

    pull: int
    told: frozenset[str]
    merged: frozenset[str]
    label: str


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """0 where either is."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def read(path: Path) -> list[Pull]:
    """All pull requests of a file, gzipped or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    return [
        Pull(
            row["pull_request"].rsplit("-", 1)[0],
            frozenset(known["id"] for known in row["golden"]),
            tuple(
                Comment(number, one["reviewer"], one["text"], frozenset(one["matches"]), one["label"])
                for one in row["comments"]
            ),
        )
        for number, row in enumerate(rows)
    ]


def by_pull(pulls: Sequence[Pull]) -> list[int]:
    """A fold for each pull request."""
    return [number % FOLDS for number in range(len(pulls))]


def by_repository(pulls: Sequence[Pull]) -> list[int]:
    """A fold for each pull request, the same for all of a repository."""
    names = sorted({pull.repository for pull in pulls})
    return [names.index(pull.repository) for pull in pulls]


def alone(comment: Comment) -> Published:
    """A comment published as it is."""
    return Published(comment.pull, comment.matches, comment.matches, comment.label)


def merged_score(published: Iterable[Published], pulls: Sequence[Pull], of: Iterable[int]) -> Score:
    """A merged statement states what any of its members states; it is wrong if none states a defect.

    Repeats are neither right nor wrong; recall is of the defects that any of all reviewers found.
    """
    said = [(one.pull, one.merged, one.label == "repeat") for one in published]
    return _score(said, sum(len(pulls[number].found()) for number in of), repeats_wrong=False)


def strict_score(published: Iterable[Published], pulls: Sequence[Pull], of: Iterable[int]) -> Score:
    """Only the spokesman's words count, whatever adds nothing new is wrong, and recall is of all known defects."""
    said = [(one.pull, one.told, False) for one in published]
    return _score(said, sum(len(pulls[number].known) for number in of), repeats_wrong=True)


def _score(said: Sequence[tuple[int, frozenset[str], bool]], known: int, *, repeats_wrong: bool) -> Score:
    stated: dict[int, set[str]] = defaultdict(set)
    wrong = 0
    for pull, matches, repeats in said:
        new = matches - stated[pull]
        stated[pull] |= matches
        wrong += not new and (repeats_wrong or not (matches or repeats))
    right = sum(map(len, stated.values()))
    return Score(right / (right + wrong) if right else 0.0, right / known if known else 0.0)


def by_merit(pulls: Sequence[Pull]) -> list[str]:
    """Reviewers, the best alone first: only to name the teams, never to weigh a vote."""
    everything = range(len(pulls))
    of: dict[str, list[Published]] = defaultdict(list)
    for pull in pulls:
        for comment in pull.comments:
            of[comment.reviewer].append(alone(comment))
    return sorted(of, key=lambda name: (-merged_score(of[name], pulls, everything).f1, name))
