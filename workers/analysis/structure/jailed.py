"""The structure of strangers' files: read by children in the sandbox, so that no file can do more than miss its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workers.analysis.naming import safe_names
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import SourceFile
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
