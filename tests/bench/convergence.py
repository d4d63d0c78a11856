"""Convergence: pull requests pushed to again and again; what is said twice, said late, called fixed, rightly or not.

The files and their first change are this repository's own commits. A third of the pull requests are runs of its real
commits, one a push; in the others every push is made up. Either way there are, made with git in a repository of its own,
fixes, other code with the same defect, renamed variables, reformatting, moved functions, renamed, deleted and returned
files, merges of the base, rebases, amended commits, force-pushes to an older head, reverts, another base, files that the
base takes over; how many of each kind there were is git's own word. Defects are seeded, so the truth is known.
The reviewer is the real static half (analysers, experts) together with a made-up model: it finds every seed on code that
changed since the last round and 70 % of the others, each time under another title, class and quote, and makes up three
minor remarks a round; its statements go through the real check of evidence. No model is asked. What compares the rounds
is the pipeline's own.
Some pull requests were looked at while tuning; their figures stand apart. The others are later commits, with defects,
cures and words of their own that no tuning has seen; a goal is a goal on both.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.bench._convergence_defects import HELD_OUT, KINDS, Kind
from tests.bench._convergence_history import Start, commits, runs
from tests.bench._convergence_kinds import KINDS as PUSHED
from tests.bench._convergence_kinds import kinds
from tests.bench._convergence_replay import Push, replayed
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

TUNED_COMMITS, TUNED_RUNS = 72, 12
"""So many of this repository's commits and runs of commits, from the oldest on, were looked at while tuning."""
COMMITS, RUNS, FORGOTTEN = 16, 8, 4
"""How many of each are measured of either part."""
FIXED_GOAL = 0.95


async def run(_: str | None) -> list[Result]:
    """The held-out part and the tuned one, and some with a model that overlooks a fifth of what just changed."""
    sandbox = await probe()
    held_out = await replay(_later(COMMITS, RUNS), "held out", HELD_OUT, sandbox, Habits())
    tuned = await replay(_earlier(COMMITS, RUNS), "tuned", KINDS, sandbox, Habits())
    habits = Habits(recall_changed=0.8, recall_same=0.5)
    forgetful = await replay(_later(FORGOTTEN, 0), "forgetful", HELD_OUT, sandbox, habits)
    for line in (*held_out.wrong, *tuned.wrong):
        print(line)
    return [
        *_pushed(held_out.counts + tuned.counts),
        *_results("held out", held_out.counts),
        *_results("tuned", tuned.counts),
        *_aside(forgetful.counts),
    ]


def _later(count: int, of_runs: int) -> list[Start]:
    return [*commits(TUNED_COMMITS, count), *runs(TUNED_RUNS, of_runs)]


def _earlier(count: int, of_runs: int) -> list[Start]:
    return [*commits(TUNED_COMMITS - count, count), *runs(TUNED_RUNS - of_runs, of_runs)]


async def replay(
    starts: Sequence[Start], part: str, defects: Sequence[Kind], sandbox: Sandbox, habits: Habits
) -> Score:
    """These pull requests, one after the other."""
    score = Score()
    for number, start in enumerate(starts):
        with tempfile.TemporaryDirectory(prefix="quorum-bench-") as folder:
            await _pull(Path(folder), start, f"{part} {number}", defects, sandbox, habits, score)
        score.counts["pull requests"] += 1
        score.counts["runs of real commits"] += bool(start.later)
    return score


async def _pull(
    folder: Path,
    start: Start,
    name: str,
    defects: Sequence[Kind],
    sandbox: Sandbox,
    habits: Habits,
    score: Score,
) -> None:
    past: Past | None = None
    told, made = Told(), list[Push]()
    for number, push in enumerate(replayed(folder, start, name, defects), start=1):
        before = made[-1].state if made else None
        made.append(push)
        shown = f"{name}.{number} {push.way} {' '.join(push.steps)}"
        changed = frozenset(push.state.open) if before is None else rewritten(push.state, before)
        looked = await look(folder, push.base, push.head, sandbox, push.state, changed, habits, shown)
        round_ = compared(looked.found, past, looked.change.files, looked.read, looked.around)
        score.counts["rounds"] += 1
        if before is not None and past is not None:
            score.counts.update(kinds(folder, made))
            judge_new(round_, push.state, before, past.last.files, told, score, shown)
            judge_lost(round_, push.state, before, looked.found, score, shown)
            judge_fates(round_, push.state, before, told, score, shown)
        remember(round_, push.state, told)
        done = Round(number, push.head, push.base, looked.read)
        texts = {file.path: file.text for file in looked.change.files if file.text is not None}
        past = Past(done, round_.told(round_.fresh), texts)


def _pushed(counts: Counter[str]) -> list[Result]:
    shown = ("pull requests", "runs of real commits", "rounds", *(f"pushes: {kind}" for kind in PUSHED))
    return [Result(name, counts[name.removeprefix("pushes: ")], "") for name in shown]


def _results(part: str, counts: Counter[str]) -> list[Result]:
    fixed = 1 - counts["fixed and not recognised"] / max(1, counts["fixed"])
    goal, name = f">= {FIXED_GOAL}", f"{part}: cured and recognised"
    return [
        *(Result(f"{part}: {name}", counts[name], "") for name in ("rounds", "said anew", "still there")),
        _none(part, "repeats", counts),
        _none(part, "minor on unchanged code", counts),
        Result(f"{part}: cured", counts["fixed"], "findings"),
        Result(name, round(fixed, 4), "share", goal, fixed >= FIXED_GOAL),
        _none(part, "falsely fixed", counts),
        _none(part, "falsely outdated", counts),
        _none(part, "back and not noticed", counts),
        Result(f"{part}: new seeds found", counts["new seeds found"], "findings"),
        _none(part, "new seeds not said", counts),
    ]


def _none(part: str, name: str, counts: Counter[str]) -> Result:
    return Result(f"{part}: {name}", counts[name], "findings", "0", counts[name] == 0)


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
