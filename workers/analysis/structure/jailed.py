"""The structure of strangers' files: read by children in the sandbox, so that no file can do more than miss its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workers.analysis.naming import safe_names
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import SourceFile
from workers.analysis.structure.changes import Offered
from workers.analysis.structure.model import Gap, Module
from workers.analysis.structure.read import READERS
from workers.analysis.tools import children
from workers.analysis.tools.protocol import Job

TOOL = "structure"
FILES_AT_ONCE_MAX = 50


async def structures(files: Sequence[SourceFile], sandbox: Sandbox, limits: JailLimits) -> tuple[Module, ...]:
    """A Module for each file that has a reader, in order. What breaks the parser is an incomplete one. OSError when
    no child can start."""
    readable = [file for file in files if file.language in READERS]
    found: list[Module] = []
    for start in range(0, len(readable), FILES_AT_ONCE_MAX):
        found += await _batch(readable[start : start + FILES_AT_ONCE_MAX], sandbox, limits)
    return tuple(found)


async def offers(files: Sequence[SourceFile], sandbox: Sandbox, limits: JailLimits) -> Mapping[str, Offered]:
    """Path → what the module offers before and after the change, of the files that have a `before`; {} where no child
    can start."""
    changed = [file for file in files if file.before is not None and file.language in READERS]
    old = [replace(file, text=file.before or "", before=None) for file in changed]
    try:
        found = await structures([*old, *changed], sandbox, limits)
    except (
        OSError
    ):  # what the tools beside say already: the page's owner is told nothing, the reviewer everything
        return {}
    pairs = zip(found[: len(old)], found[len(old) :], strict=True)
    return {now.path: Offered(before, now) for before, now in pairs}


async def _batch(files: Sequence[SourceFile], sandbox: Sandbox, limits: JailLimits) -> list[Module]:
    named = safe_names(files)
    jobs = [Job(TOOL, name) for name in named]
    answers = await children.answer(jobs, named, sandbox, limits)
    found = []
    for job in jobs:
        file, answer = named[job.name], answers.done.get(job)
        if answer is None or answer.structure is None:
            found.append(_unread(file, answers.broken.get(job, "it was not read")))
        else:
            found.append(replace(answer.structure, path=file.path))
    return found


def _unread(file: SourceFile, why: str) -> Module:
    gap = Gap(1, file.text.count("\n") + 1, why)
    return Module(file.path, str(file.language), complete=False, gaps=(gap,))
