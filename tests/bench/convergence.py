"""Convergence: pull requests pushed to again and again; what is said twice, said late, called fixed, rightly or not.

The files and their first change are this repository's own commits; every push is made here, with git, in a repository of
its own: fixes, other code with the same defect, renamed variables, reformatting, moved functions, renamed files, merges
of the base, rebases, amended commits, reverts, files that the base takes over. Defects are seeded, so the truth is known.
The reviewer is the real static half (analysers, experts) together with a made-up model: it finds every seed on code that
changed since the last round and 70 % of the others, each time under another title, class and quote, and makes up three
minor remarks a round; its statements go through the real check of evidence. No model is asked. What compares the rounds
is the pipeline's own. The pull requests of the history's first part are for tuning and give no figure.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from tests.bench._convergence_history import commits, replayed
from tests.bench._convergence_lines import Tree
from tests.bench._convergence_pushes import State
from tests.bench._convergence_reviewer import Habits, look
from tests.bench._convergence_truth import (
    Score,
    Told,
    judge_fates,
    judge_lost,
    judge_new,
    remember,
    rewritten,
)
from tests.bench.result import Result
from workers.analysis.sandbox import Sandbox, probe
from workers.domain.adjudication import Past, Round
from workers.pipelines.rounds import compared

PULLS, FORGOTTEN = 24, 4
TUNING, MEASURED = 0, 48
"""Where the parts begin in this repository's history: what comes before MEASURED was looked at while tuning."""
FIXED_GOAL = 0.95


async def run(_: str | None) -> list[Result]:
    """The measured half with the goals, and some of it with a model that overlooks a fifth of what just changed."""
    sandbox = await probe()
    careful = await replay(MEASURED, PULLS, sandbox, Habits())
    forgetful = await replay(MEASURED, FORGOTTEN, sandbox, Habits(recall_changed=0.8, recall_same=0.5))
    for line in careful.wrong:
        print(line)
    return [*_results(careful.counts), *_aside(forgetful.counts)]


async def replay(first: int, count: int, sandbox: Sandbox, habits: Habits) -> Score:
    """So many pull requests from number `first` on, one after the other."""
    score = Score()
    for number, start in enumerate(commits(first, count)):
        with tempfile.TemporaryDirectory(prefix="quorum-bench-") as folder:
            await _pull(Path(folder), start, f"{first}.{number}", sandbox, habits, score)
        score.counts["pull requests"] += 1
    return score


async def _pull(
    folder: Path, start: tuple[Tree, Tree], name: str, sandbox: Sandbox, habits: Habits, score: Score
) -> None:
    past: Past | None = None
    before: State | None = None
    told = Told()
    for number, push in enumerate(replayed(folder, start, name), start=1):
        shown = f"{name}.{number} {push.way} {' '.join(push.steps)}"
        changed = frozenset(push.state.open) if before is None else rewritten(push.state, before)
        looked = await look(folder, push.base, push.head, sandbox, push.state, changed, habits, shown)
        round_ = compared(looked.found, past, looked.change.files, looked.read)
        score.counts["rounds"] += 1
        score.counts[push.way] += 1
        score.counts.update(push.steps)
        if before is not None:
            judge_new(round_, push.state, before, told, score, shown)
            judge_lost(round_, push.state, before, looked.found, score, shown)
            judge_fates(round_, push.state, before, told, score, shown)
        remember(round_, push.state, told)
        done = Round(number, push.head, push.base, looked.read)
        texts = {file.path: file.text for file in looked.change.files if file.text is not None}
        past = Past(done, round_.told(round_.fresh), texts)
        before = push.state


def _results(counts: Counter[str]) -> list[Result]:
    fixed = 1 - counts["fixed and not recognised"] / max(1, counts["fixed"])
    shown = [
        Result(f"{name}", counts[name], "")
        for name in ("pull requests", "rounds", "said anew", "still there")
    ]
    return [
        *shown,
        _none("repeats", counts),
        _none("minor on unchanged code", counts),
        Result("cured", counts["fixed"], "findings"),
        Result("cured and recognised", round(fixed, 4), "share", f">= {FIXED_GOAL}", fixed >= FIXED_GOAL),
        _none("falsely fixed", counts),
        _none("falsely outdated", counts),
        _none("back and not noticed", counts),
        Result("new seeds found", counts["new seeds found"], "findings"),
        _none("new seeds not said", counts),
    ]


def _none(name: str, counts: Counter[str]) -> Result:
    return Result(name, counts[name], "findings", "0", counts[name] == 0)


def _aside(counts: Counter[str]) -> list[Result]:
    """No goals: what a model that overlooks what it is shown costs."""
    names = (
        "repeats",
        "minor on unchanged code",
        "fixed",
        "fixed and not recognised",
        "still there",
        "falsely fixed",
    )
    return [Result(f"with a forgetful model: {name}", counts[name], "findings") for name in names]
