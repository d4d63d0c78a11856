"""The static half's ground: what is in a tree, what analysers say of it, what its modules offer. No model is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from workers.analysis.languages import is_test_path, language_of
from workers.analysis.source import SourceFile
from workers.analysis.structure.model import Module
from workers.domain.change import ChangedFile, Omission
from workers.pipelines.auditing.looking import is_code
from workers.pipelines.auditing.values import Audited
from workers.pipelines.coverage import WANTED, classified, without_ignored
from workers.pipelines.review import Analyse
from workers.pipelines.scan import Examined, ScanRules, examine, summed_up

BATCH_FILES = 100

Structure = Callable[[Sequence[SourceFile]], Awaitable[tuple[Module, ...]]]
"""What the files offer, a Module for each that has a reader."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Who looks, and for how long: after `until` (as `clock` tells, seconds) no more files are begun."""

    analyse: Analyse
    structure: Structure
    clock: Callable[[], float]
    until: float
    files_max: int = 5_000


async def gathered(
    files: Sequence[ChangedFile],
    rules: ScanRules,
    gathering: Gathering,
    progress: Callable[[str], None],
    partial: tuple[str, ...] = (),
) -> Audited:
    """Everything that can be known of `files` without asking anybody; `partial` says what they lack."""
    started = gathering.clock()
    visible, readable = await asyncio.to_thread(_sorted_out, files, rules)
    parts: list[Examined] = []
    looked_at = 0
    for batch in _batches(readable[: gathering.files_max]):
        if parts and gathering.clock() >= gathering.until:
            break
        progress(f"analysed {looked_at} of {len(readable)} files")
        parts.append(await examine(batch, rules, analyse=gathering.analyse))
        looked_at += len(batch)
    review = summed_up(parts, rules, gathering.clock() - started)
    progress("reading what modules offer")
    modules = await gathering.structure(_sources(readable[:looked_at]))
    return Audited(
        {one.path: one.text or "" for one in readable},
        tuple(one.path for one in visible),
        review,
        modules,
        (*partial, *_beyond(len(readable) - looked_at), *_unread(visible), *review.notices),
    )


def _sorted_out(
    files: Sequence[ChangedFile], rules: ScanRules
) -> tuple[list[ChangedFile], list[ChangedFile]]:
    """All but ignored files; and those that are read, code first, then tests, then the rest."""
    marked = classified(files, rules.attributes, rules.file_max_bytes)
    kept = without_ignored(marked, rules.config.ignore.path_filter())
    visible = [one for one in kept if one.omitted is not Omission.FILTERED]
    readable = [one for one in visible if one.omitted is None and one.text is not None]
    return visible, sorted(readable, key=lambda one: (_order(one), one.path))


def _order(file: ChangedFile) -> int:
    return 0 if is_code(file.path, file.text or "") else 1 + (not is_test_path(file.path))


def _batches(files: Sequence[ChangedFile]) -> list[Sequence[ChangedFile]]:
    return [files[start : start + BATCH_FILES] for start in range(0, len(files), BATCH_FILES)]


def _sources(files: Sequence[ChangedFile]) -> list[SourceFile]:
    return [SourceFile(one.path, one.text or "", language_of(one.path), frozenset()) for one in files]


def _beyond(left: int) -> tuple[str, ...]:
    return (f"{left:,} files were not analysed: the scores are of the others.",) if left else ()


def _unread(files: Sequence[ChangedFile]) -> tuple[str, ...]:
    """Generated, vendored and binary files are no loss; others are."""
    lost = [one.path for one in files if one.omitted is not None and one.omitted not in WANTED]
    return (f"{len(lost):,} files could not be read, or are too large.",) if lost else ()
