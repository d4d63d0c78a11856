"""The scan of a tree: findings of all batches as one Review."""

from __future__ import annotations

from collections.abc import Sequence

from config.repository import RepositoryConfig
from workers.analysis.source import Analysis, Observation, SourceFile, Unread
from workers.domain.change import ChangedFile, FileStatus, Omission, Snapshot
from workers.domain.review import ToolRun, Verdict
from workers.pipelines.scan import Examined, ScanRules, examine, summed_up, whole

RULES = ScanRules(RepositoryConfig())
FILE = ChangedFile("a.py", FileStatus.ADDED, text="import os\nos.system(x)\n")


async def shell(files: Sequence[SourceFile], _: Snapshot) -> Analysis:
    seen = tuple(Observation("ruff", "S605", file.path, 2, 2, "Shell.") for file in files)
    return Analysis(seen, (ToolRun("ruff", "ok", "jail", seconds=1.0),))


async def torn(files: Sequence[SourceFile], _: Snapshot) -> Analysis:
    unread = tuple(Unread(file.path, "ruff", "does not parse") for file in files)
    return Analysis(runs=(ToolRun("ruff", "ok", "jail"),), unread=unread)


def test_every_line_counts_as_new() -> None:
    assert whole([FILE])[0].touched == {1, 2, 3}


async def test_findings_of_all_batches_are_one_list() -> None:
    other = ChangedFile("b.py", FileStatus.ADDED, text=FILE.text)
    parts = [await examine([file], RULES, analyse=shell) for file in (FILE, other)]
    review = summed_up(parts, RULES, 1.0)
    assert [finding.path for finding in review.findings] == ["a.py", "b.py"]
    assert (review.verdict, review.tools[0].seconds) == (Verdict.BLOCKING, 2.0)


async def test_what_could_not_be_parsed_is_never_clean() -> None:
    review = summed_up([await examine([FILE], RULES, analyse=torn)], RULES, 1.0)
    assert (review.verdict, review.coverage[0].detail) == (Verdict.PARTIAL, "ruff: does not parse")


async def test_vendored_files_are_omitted() -> None:
    part = await examine([ChangedFile("vendor/a.py", FileStatus.ADDED, text="x")], RULES, analyse=shell)
    assert (part.findings, part.coverage[0].omitted) == ((), Omission.VENDORED)


async def test_beyond_the_cap_findings_are_counted() -> None:
    rules = ScanRules(RepositoryConfig(), findings_max=1)
    part = await examine([FILE], rules, analyse=shell)
    assert summed_up([part, part], rules, 1.0).suppressed == 1


def test_one_failed_batch_makes_the_tool_failed() -> None:
    parts = [
        Examined((), (), frozenset(), (ToolRun("ruff", outcome, "jail"),))
        for outcome in ("ok", "failed", "ok")
    ]
    assert summed_up(parts, RULES, 1.0).tools[0].outcome == "failed"
