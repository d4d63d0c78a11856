"""Matching, consensus and noise on labelled comments of many reviewers, beside simple means.

Every figure is of pull requests (or repositories) that were not learned from: thresholds, weights of votes and
regressions come from the other folds. What is measured at all (kinds of words, company, signs of a vote, who speaks)
was chosen by hand on the same pull requests, for votes with teams of other reviewers: new ones may do worse. The first
F1 of a team counts a merged statement for what any of its members states, and recall of what any of all reviewers
found; the strict one beside it counts one member's words, and recall of all known defects.
Noise is told from the words alone, by which nothing that was tried reaches its goal (0.65 to 0.74, the most of it by
mixtures of five models; ours is 0.71), and among what teams drawn by chance say of the same change, where it is known,
too, who else says it and what a reviewer puts first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench import _consensus_among as among
from tests.bench import _consensus_noise as noise
from tests.bench import _consensus_pairs as pairs
from tests.bench import _consensus_spokesman as spokesman
from tests.bench._consensus_data import (
    Published,
    Pull,
    Score,
    alone,
    by_merit,
    by_pull,
    by_repository,
    merged_score,
    read,
    strict_score,
)
from tests.bench._consensus_team import CHOSEN, TEAM_SIZE, Split, Team, asked_of, other_teams
from tests.bench.result import Result

DATA = Path(__file__).parents[3] / "shared" / "data" / "review" / "reviewers.jsonl.gz"
DATA_SHAPE = "JSON lines of pull_request, golden {id} and comments {reviewer, text, matches, label}, gzipped"
PAIRS_GOAL = 0.93
NOISE_GOAL = 0.75
TOP_GOAL = 0.68
MIDDLE_GOAL = 0.52
MEASURES: Mapping[str, pairs.Measure] = {
    "TF-IDF": pairs.tf_idf,
    "ours, from the pull request alone": pairs.ours_alone,
    "ours": pairs.ours,
}
SCORERS: Mapping[str, noise.Scorer] = {
    "TF-IDF": noise.by_words,
    "ours": noise.by_traits,
    "ours and TF-IDF": noise.by_both,
}
"""Of one comment's words alone."""


async def run(data: str | None) -> list[Result]:
    """All figures of one file."""
    path = Path(data) if data else DATA
    if not path.exists():
        print(f"skipped: {path} is not there")
        return []
    pulls = read(path)
    return [*_pairs(pulls), *_noise(pulls), *_among(pulls), *_spokesmen(pulls), *_teams(pulls)]


def _pairs(pulls: Sequence[Pull]) -> Iterator[Result]:
    for split, folds in (("pull request", by_pull(pulls)), ("repository", by_repository(pulls))):
        for name, measure in MEASURES.items():
            score = pairs.measured(pulls, folds, measure)
            shown = f"same defect by {split}, {name}"
            yield Result(f"{shown}: precision", round(score.precision, 3), "share")
            yield Result(f"{shown}: recall", round(score.recall, 3), "share")
            yield _held(f"{shown}: F1", score.f1, PAIRS_GOAL, aims=name == "ours")


def _noise(pulls: Sequence[Pull]) -> Iterator[Result]:
    for split, folds in (("pull request", by_pull(pulls)), ("repository", by_repository(pulls))):
        for name, scorer in SCORERS.items():
            area, within = noise.measured(pulls, folds, scorer)
            shown = f"noise by {split}, {name}, words alone: AUC"
            yield _held(shown, area, NOISE_GOAL, aims=name == "ours")
            yield Result(f"{shown} within a pull request", round(within, 3), "share")


def _among(pulls: Sequence[Pull]) -> Iterator[Result]:
    """The words beside their place and what the others of a team say."""
    said = among.heard(pulls)
    for split, folds in (("pull request", by_pull(pulls)), ("repository", by_repository(pulls))):
        scores = among.by_split(pulls, said, folds)
        for size in among.TEAMS:
            area, within = among.areas(said, scores, size)
            shown = f"noise by {split}, ours, among {size}: AUC"
            yield _held(shown, area, NOISE_GOAL, aims=size > 1)
            yield Result(f"{shown} within a review", round(within, 3), "share")


def _spokesmen(pulls: Sequence[Pull]) -> Iterator[Result]:
    """Nothing is learned here."""
    for size in (size for size in among.TEAMS if size > 1):
        for repository in sorted({pull.repository for pull in pulls}):
            by_chance, ours = spokesman.told([one for one in pulls if one.repository == repository], size)
            shown = f"spokesman among {size}, {repository}"
            yield Result(f"{shown}, any of them: states a defect", round(by_chance, 3), "share")
            yield Result(f"{shown}, ours: states a defect", round(ours, 3), "share")


def _teams(pulls: Sequence[Pull]) -> Iterator[Result]:
    """The best five and the middle five of all; who they are is all that is known of how good they are alone."""
    order, folds = by_merit(pulls), by_pull(pulls)
    splits = [Split(pulls, folds, fold) for fold in sorted(set(folds))]
    middle = (len(order) - TEAM_SIZE + 1) // 2
    for name, team, goal in (
        ("top five", tuple(order[:TEAM_SIZE]), TOP_GOAL),
        ("middle five", tuple(order[middle : middle + TEAM_SIZE]), MIDDLE_GOAL),
    ):
        yield from _team(f"{name} by pull request", team, goal, pulls, splits)


def _team(
    name: str, team: Team, goal: float, pulls: Sequence[Pull], splits: Sequence[Split]
) -> Iterator[Result]:
    everything = range(len(pulls))
    others = other_teams(team, by_merit(pulls))
    ballots = [one for split in splits for number in split.asked for one in split.box(team, number).ballots]
    ways = {
        "best alone": _best_alone(team, pulls),
        "union": [one.published for one in ballots],
        "two agree": [one.published for one in ballots if len(one.speakers) > 1],
        "ours": [one for split in splits for one in asked_of(split, team, others, CHOSEN)],
    }
    for way, published in ways.items():
        merged = merged_score(published, pulls, everything)
        yield Result(f"{name}, {way}: precision", round(merged.precision, 3), "share")
        yield Result(f"{name}, {way}: recall", round(merged.recall, 3), "share")
        yield _held(f"{name}, {way}: F1", merged.f1, goal, aims=way == "ours")
        strict = strict_score(published, pulls, everything)
        yield Result(f"{name}, {way}: F1, only the spokesman's words count", round(strict.f1, 3), "share")


def _best_alone(team: Team, pulls: Sequence[Pull]) -> list[Published]:
    def score(said: Sequence[Published]) -> Score:
        return merged_score(said, pulls, range(len(pulls)))

    return max(
        ([alone(one) for pull in pulls for one in pull.comments if one.reviewer == name] for name in team),
        key=lambda said: score(said).f1,
    )


def _held(name: str, value: float, goal: float, *, aims: bool) -> Result:
    if not aims:
        return Result(name, round(value, 3), "share")
    return Result(name, round(value, 3), "share", f">= {goal}", value >= goal)
