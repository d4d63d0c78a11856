"""What the validator makes of labelled comments: what it drops, and whether its view of a review goes with precision.

The labels are a model judge's; a comment has words alone, so evidence, severities and repetitions have no part in this.
The kinds of words were chosen on both repositories: nothing here is held out, and each repository has its own figure
to show that it does not hang on one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from tests.bench._consensus_data import Comment, Pull, read
from tests.bench._consensus_noise import judged
from tests.bench.result import Result
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.meta_sanitising import sanitised
from workers.experts.meta_wording import told

DATA = Path(__file__).parents[3] / "shared" / "data" / "review" / "reviewers.jsonl.gz"
DATA_SHAPE = "JSON lines of pull_request, golden {id} and comments {reviewer, text, matches, label}, gzipped"
COMMENTS_MIN = 2
"""Of a review whose precision is looked at."""
LOST_GOAL = 0.01


async def run(data: str | None) -> list[Result]:
    """All figures of one file."""
    path = Path(data) if data else DATA
    if not path.exists():
        print(f"skipped: {path} is not there")
        return []
    pulls = read(path)
    return [one for name in sorted({pull.repository for pull in pulls}) for one in _repository(name, pulls)]


def _repository(name: str, pulls: Sequence[Pull]) -> Iterator[Result]:
    comments = [one for pull in pulls if pull.repository == name for one in judged(pull.comments)]
    dropped = [one for one in comments if sanitised([_finding(one)]).dropped]
    lost = _share(dropped, "valid") * len(dropped) / sum(one.label == "valid" for one in comments)
    yield Result(
        f"{name}: valid comments that are dropped",
        round(lost, 4),
        "share",
        f"<= {LOST_GOAL}",
        lost <= LOST_GOAL,
    )
    yield Result(f"{name}: noise among what is dropped", round(_share(dropped, "noise"), 3), "share")
    yield Result(f"{name}: noise among all comments", round(_share(comments, "noise"), 3), "share")
    yield Result(
        f"{name}: rank correlation of a review's wording and precision", _correlation(comments), "rho"
    )


def _share(comments: Sequence[Comment], label: str) -> float:
    return sum(one.label == label for one in comments) / len(comments) if comments else 0.0


def _correlation(comments: Sequence[Comment]) -> float:
    from scipy.stats import spearmanr  # type: ignore[import-untyped]

    reviews: dict[tuple[int, str], list[Comment]] = defaultdict(list)
    for one in comments:
        reviews[one.pull, one.reviewer].append(one)
    long = [review for review in reviews.values() if len(review) >= COMMENTS_MIN]
    worded = [fmean(told(_finding(one)) for one in review) for review in long]
    return round(float(spearmanr(worded, [_share(review, "valid") for review in long])[0]), 3)


def _finding(comment: Comment) -> Finding:
    """The hardest case: of low severity, without advice and without code."""
    title, _, rest = comment.text.partition(". ")
    return Finding(
        aspect=Aspect.QUALITY,
        severity=Severity.LOW,
        rule="model/defect",
        path="file",
        title=title,
        description=rest or comment.text,
        sources=(Source("model", comment.reviewer),),
    )
