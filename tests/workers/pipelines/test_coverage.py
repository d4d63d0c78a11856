"""Every changed file has an entry that says who read it, or why nobody did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workers.experts.changes import added, change
from workers.analysis.source import Analysis, Unread, sources
from workers.domain.change import ChangedFile, FileStatus, Omission
from workers.domain.review import Coverage, ToolRun
from workers.domain.task import DRY_RUN
from workers.experts.heard import Failure, Heard
from workers.pipelines.coverage import Ledger, ledger, without_ignored

FILE = added("a.py", "x = 1\n")
RUNS = (ToolRun("ruff", "ok", "jail"), ToolRun("symbols", "ok", "jail"), ToolRun("eslint", "ok", "jail"))
BY_MODEL = Heard(read={"a.py": ("model-a",)})


def entries(*files: ChangedFile, analysis: Analysis | None = None, heard: Heard | None = None) -> Ledger:
    whole = change(*files)
    given = analysis or Analysis(runs=RUNS)
    return ledger(whole.files, sources(whole), given, heard, lambda source: ("ruff", "symbols"))


def test_tools_that_read_this_kind_of_file_and_the_model_are_named() -> None:
    assert entries(FILE, heard=BY_MODEL) == Ledger((Coverage("a.py", ("ruff", "model-a")),), frozenset())


def test_an_omission_is_told_with_its_detail() -> None:
    big = ChangedFile("big.py", FileStatus.MODIFIED, omitted=Omission.TOO_LARGE, detail="9 MB")
    assert entries(big).entries == (Coverage("big.py", omitted=Omission.TOO_LARGE, detail="9 MB"),)


@pytest.mark.parametrize(
    "omission", [Omission.GENERATED, Omission.BINARY, Omission.REMOVED, Omission.FILTERED]
)
def test_what_nobody_wants_read_leaves_no_gap(omission: Omission) -> None:
    assert not entries(replace(FILE, omitted=omission)).unread


@pytest.mark.parametrize("omission", [Omission.TOO_LARGE, Omission.NO_PATCH, Omission.BEYOND_LIMIT])
def test_what_could_not_be_read_leaves_a_gap(omission: Omission) -> None:
    assert entries(replace(FILE, omitted=omission)).unread == {"a.py"}


def test_a_file_without_text_or_reason_could_not_be_read() -> None:
    entry = entries(replace(FILE, text=None)).entries[0]
    assert entry.omitted is Omission.UNREADABLE


def test_a_tool_that_could_not_parse_it_is_not_named_as_reader() -> None:
    analysis = Analysis(runs=RUNS, unread=(Unread("a.py", "ruff", "does not parse"),))
    result = entries(FILE, analysis=analysis)
    assert result.entries == (Coverage("a.py", (), detail="ruff: does not parse"),)
    assert result.unread == {"a.py"}


def test_a_model_makes_up_for_a_tool_that_could_not_parse_it() -> None:
    analysis = Analysis(runs=RUNS, unread=(Unread("a.py", "ruff", "does not parse"),))
    assert not entries(FILE, analysis=analysis, heard=BY_MODEL).unread


def test_a_failed_tool_leaves_a_gap() -> None:
    analysis = Analysis(runs=(ToolRun("ruff", "failed", "jail"),))
    assert entries(FILE, analysis=analysis, heard=BY_MODEL).unread == {"a.py"}


@pytest.mark.parametrize(
    "heard",
    [Heard(failures=(Failure(("a.py",), "timeout", "too slow"),)), Heard(left_out=("a.py",))],
)
def test_a_model_that_did_not_read_it_leaves_a_gap(heard: Heard) -> None:
    result = entries(FILE, heard=heard)
    assert result.unread == {"a.py"}
    assert "the model did not read all of it" in result.entries[0].detail


def test_a_file_that_no_model_was_asked_to_read_is_told_as_a_dry_run() -> None:
    result = entries(FILE, heard=Heard(failures=(Failure(("a.py",), DRY_RUN, "model-a would be asked"),)))
    assert result.unread == {"a.py"}
    assert result.entries[0].detail == "no model was asked to read it: dry run"


def test_ignored_paths_are_marked_and_not_dropped() -> None:
    marked = without_ignored((FILE, added("b.py", "")), lambda path: path == "a.py")
    assert [(file.path, file.omitted) for file in marked] == [("a.py", Omission.FILTERED), ("b.py", None)]


def test_three_thousand_files_have_three_thousand_entries() -> None:
    files = [added(f"m{number}.py", "x = 1\n") for number in range(3_000)]
    assert len(entries(*files).entries) == 3_000
