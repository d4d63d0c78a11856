"""Matching, consensus and noise on labelled comments of many reviewers, beside simple means.

Every figure is of pull requests (or repositories) that were not learned from: thresholds, weights of votes and
regressions come from the other folds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench import _consensus_noise as noise
from tests.bench import _consensus_pairs as pairs
from tests.bench._consensus_data import Pull, by_pull, by_repository, read
from tests.bench.result import Result

DATA = Path(__file__).parents[3] / "shared" / "data" / "review" / "reviewers.jsonl.gz"
DATA_SHAPE = "JSON lines of pull_request, golden {id} and comments {reviewer, text, matches, label}, gzipped"
PAIRS_GOAL = 0.93
NOISE_GOAL = 0.75
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


async def run(data: str | None) -> list[Result]:
    """All figures of one file."""
    path = Path(data) if data else DATA
    if not path.exists():
        print(f"skipped: {path} is not there")
        return []
    pulls = read(path)
    return [*_pairs(pulls), *_noise(pulls)]


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
            shown = f"noise by {split}, {name}: AUC"
            yield _held(shown, area, NOISE_GOAL, aims=name == "ours")
            yield Result(f"{shown} within a pull request", round(within, 3), "share")


def _held(name: str, value: float, goal: float, *, aims: bool) -> Result:
    if not aims:
        return Result(name, round(value, 3), "share")
    return Result(name, round(value, 3), "share", f">= {goal}", value >= goal)
