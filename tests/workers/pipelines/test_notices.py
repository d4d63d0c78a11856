"""What must be seen is a sentence."""

from __future__ import annotations

from config.repository import OrchestrationRules, RepositoryConfig
from tests.workers.experts.answering import AnsweringModels, nothing
from workers.analysis.source import Analysis
from workers.domain.change import Snapshot
from workers.domain.review import Planned, ToolRun
from workers.domain.task import DRY_RUN
from workers.domain.usage import Call, Usage
from workers.experts.heard import Failure, Heard
from workers.experts.outcomes_ranking import Habit, Lowered
from workers.pipelines.notices import of_lowered, of_model, of_setup, of_tools

_CALL = Call("review", "model-a", DRY_RUN, Usage())
PLANNED = (Planned(("a.py", "b.py"), _CALL), Planned(("b.py",), _CALL))
WHOLE = Snapshot({}, complete=True)


def test_nothing_to_say_says_nothing() -> None:
    assert not [*of_tools(Analysis(), WHOLE), *of_model(Heard())]


def test_no_model_is_said() -> None:
    assert list(of_setup(None, RepositoryConfig())) == ["Static analysis only: no model is configured."]


def test_a_model_switched_off_is_said() -> None:
    off = RepositoryConfig(orchestration=OrchestrationRules(enabled=False))
    assert "orchestration.enabled" in next(of_setup(AnsweringModels(nothing), off))


def test_reduced_isolation_and_failures_of_tools_are_said() -> None:
    runs = (ToolRun("ruff", "ok", "reduced"), ToolRun("lizard", "failed", "reduced", "out of memory"))
    assert list(of_tools(Analysis(runs=runs), WHOLE)) == [
        "Analysers that failed: lizard (out of memory).",
        "No namespaces on this machine: ruff, lizard ran with reduced isolation.",
    ]


def test_an_incomplete_snapshot_is_said() -> None:
    (sentence,) = of_tools(Analysis(), Snapshot({}, complete=False, detail="over 64 MiB"))
    assert "over 64 MiB" in sentence


def test_equal_failures_are_one_sentence_with_all_files() -> None:
    failures = (Failure(("a.py", "b.py"), "timeout", "too slow"), Failure(("c.py",), "timeout", "too slow"))
    (sentence,) = of_model(Heard(failures=failures))
    assert sentence.startswith("The model gave no answer about 3 file(s), timeout: too slow.")


def test_a_dry_run_is_no_failure_of_a_model() -> None:
    """Parts of one file are in two questions: it counts once."""
    failures = tuple(Failure(one.paths, DRY_RUN, "model-a would be asked") for one in PLANNED)
    assert list(of_model(Heard(failures=failures, planned=PLANNED))) == [
        "Dry run: no model was asked about 2 file(s), so analysers alone have read them."
    ]


def test_what_a_dry_run_could_not_plan_is_a_failure_still() -> None:
    failures = (Failure(("c.py",), "budget", "too dear"),)
    said = list(of_model(Heard(failures=failures, planned=PLANNED)))
    assert said[0].startswith("The model gave no answer about 1 file(s), budget: too dear.")


def test_a_dry_run_was_not_reviewed_with_less_money_but_would_be() -> None:
    spared = "Reviewed with cheaper models: the budget is short."
    assert next(of_model(Heard(planned=PLANNED, spared=spared))) == f"A review would say: {spared}"


def test_files_beyond_the_budget_are_named_up_to_a_number() -> None:
    (sentence,) = of_model(Heard(left_out=tuple(f"f{number}.py" for number in range(9))))
    assert sentence.endswith("`f4.py` and 4 more.")


def test_dropped_statements_are_counted_by_reason() -> None:
    (sentence,) = of_model(Heard(rejected={"evidence not found": 2}))
    assert sentence == "Statements of the model that were dropped: 2 × evidence not found."


def test_what_is_ranked_last_is_said_with_the_habit() -> None:
    habit = Habit(6, 7, 0.55)
    assert list(of_lowered(Lowered((), {"a": habit, "b": habit}))) == [
        "Ranked last, after everything else: 2 because this repository declined 6 of 7 such findings."
    ]
    assert not list(of_lowered(Lowered((), {})))
