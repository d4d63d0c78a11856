"""The router's beliefs: what it saves at 95 % of the strong model's accuracy, beside simpler ones; and how quick it is.

By question: five folds at random, the tasks known. By task: five folds of whole tasks, all new: nothing is believed of
those, so that complexity decides. How quickly outcomes fade was chosen on a third of the shipped questions, which are
learned from and give no figure; another file is used whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import fmean

from tests.bench import _routing_peers as peers
from tests.bench._routing_curve import Worth, worth
from tests.bench._routing_data import FOLDS, Query, by_question, by_task, read
from tests.bench._routing_online import replay
from tests.bench._routing_speed import decision_ms
from tests.bench.result import Result

DATA = Path(__file__).parents[3] / "shared" / "data" / "routing"
DATA_SHAPE = "JSON lines of task, query and outcomes {weak, strong}, gzipped"
APGR_GOAL = 0.72
SAVED_GOAL = 0.60
DECISION_GOAL_MS = 0.2
RANKERS: Mapping[str, peers.Ranker] = {
    "random": peers.at_random,
    "length": peers.by_length,
    "task table": peers.by_task_table,
    "TF-IDF + ridge": peers.by_words,
    "ours": peers.by_beliefs,
    "ours, quickly forgetting": peers.by_quick_beliefs,
    "oracle": peers.by_oracle,
}


async def run(data: str | None) -> list[Result]:
    """Figures of each file; only a decision's time without any."""
    took = decision_ms()
    results = [
        Result(
            "decision among 45 models",
            round(took, 3),
            "ms",
            f"<= {DECISION_GOAL_MS}",
            took <= DECISION_GOAL_MS,
        )
    ]
    paths = [Path(data)] if data else sorted(DATA.glob("*.jsonl.gz"))
    if not paths or not paths[0].exists():
        print(f"skipped: {data or DATA} holds no questions")
        return results
    for path in paths:
        results += _measured(path.name.split(".")[0], read(path), holds_out_tuning=data is None)
    return results


def _measured(name: str, queries: Sequence[Query], *, holds_out_tuning: bool) -> Iterator[Result]:
    tuning = [one for one in queries if one.is_for_tuning] if holds_out_tuning else []
    asked = [one for one in queries if not one.is_for_tuning] if holds_out_tuning else list(queries)
    yield Result(f"{name}: questions asked", len(asked), "questions")
    yield from _singles(name, asked)
    for ranker in RANKERS:
        yield from _ranked(f"{name} by question, {ranker}", ranker, asked, tuning, by_question(asked))
    if len({one.task for one in asked}) < FOLDS:
        print(f"{name}: too few tasks to hold whole ones out")
        yield from _online(name, asked)
        return
    for ranker in ("random", "length", "TF-IDF + ridge", "ours"):
        yield from _ranked(f"{name} by task, {ranker}", ranker, asked, tuning, by_task(asked), goals=False)
    yield from _online(name, asked)


def _singles(name: str, asked: Sequence[Query]) -> Iterator[Result]:
    """The best single model is the strong one, and the weak one is what is left without it."""
    yield Result(f"{name}: weak alone", round(fmean(one.weak for one in asked), 4), "accuracy")
    yield Result(
        f"{name}: best single (strong) alone", round(fmean(one.strong for one in asked), 4), "accuracy"
    )


def _ranked(
    name: str,
    ranker: str,
    asked: Sequence[Query],
    tuning: Sequence[Query],
    folds: Sequence[int],
    *,
    goals: bool = True,
) -> Iterator[Result]:
    scores = _out_of_fold(RANKERS[ranker], asked, tuning, folds)
    yield from _shown(name, worth(asked, scores), aims=goals and ranker == "ours")
    if ranker == "ours":
        per_token = [score / one.tokens for score, one in zip(scores, asked, strict=True)]
        yield from _shown(f"{name} by gain per dollar", worth(asked, per_token), aims=False)


def _shown(name: str, judged: Worth, *, aims: bool) -> Iterator[Result]:
    apgr, saved = round(judged.apgr, 4), round(judged.saved, 4)
    yield Result(
        f"{name}: APGR",
        apgr,
        "share",
        f">= {APGR_GOAL}" if aims else "",
        apgr >= APGR_GOAL if aims else None,
    )
    yield Result(f"{name}: strong calls at 95 %", round(judged.strong_calls, 4), "share")
    yield Result(
        f"{name}: cost saved at 95 %",
        saved,
        "share",
        f">= {SAVED_GOAL}" if aims else "",
        saved >= SAVED_GOAL if aims else None,
    )
    yield Result(f"{name}: accuracy there", round(judged.accuracy, 4), "accuracy")
    yield Result(f"{name}: cost there", round(judged.usd_per_thousand, 4), "USD per thousand questions")


def _out_of_fold(
    ranker: peers.Ranker, asked: Sequence[Query], tuning: Sequence[Query], folds: Sequence[int]
) -> list[float]:
    """Scores of all, each by a ranker that has not seen it (nor, where folds are whole tasks, any of its task)."""
    scores = [0.0] * len(asked)
    for fold in range(FOLDS):
        places = [index for index, of in enumerate(folds) if of == fold]
        new = {asked[index].text for index in places}
        known_tasks = {one.task for one, of in zip(asked, folds, strict=True) if of != fold}
        known = [one for one, of in zip(asked, folds, strict=True) if of != fold and one.text not in new]
        known += [one for one in tuning if one.task in known_tasks]
        for index, score in zip(places, ranker(known, [asked[index] for index in places]), strict=True):
            scores[index] = score
    return scores


def _online(name: str, asked: Sequence[Query]) -> Iterator[Result]:
    """Right answers less a tenth for each strong call, per thousand questions in random order, one outcome each."""
    played, thousand = replay(asked, Random(3)), len(asked) / 1_000
    shown = {
        "ours": played.ours / thousand,
        "best single": played.best_single / thousand,
        "best per task in hindsight": played.best_per_task / thousand,
        "regret against best single": (played.best_single - played.ours) / thousand,
        "regret against best per task": (played.best_per_task - played.ours) / thousand,
    }
    for what, value in shown.items():
        yield Result(f"{name} online, {what}", round(value, 1), "right answers per thousand")
    yield Result(
        f"{name} online, 500 after the outage, ours", round(played.after_ours, 1), "right answers, net"
    )
    yield Result(
        f"{name} online, 500 after the outage, best single",
        round(played.after_best_single, 1),
        "right answers, net",
    )
