"""Runs jobs in jailed children: a file that breaks a tool costs that tool that file, and nothing else."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from workers.analysis.naming import one_line_break
from workers.analysis.sandbox import Finished, JailLimits, Sandbox
from workers.analysis.source import SourceFile
from workers.analysis.tools.protocol import Answer, Given, Job, Line, Request

LINE = TypeAdapter(Line)
REQUEST = TypeAdapter(Request)
BREAKS_MAX = 3
COMMAND = (sys.executable, "-I", "-m", "workers.analysis.tools.child", "{src}")


@dataclass(slots=True)
class Answers:
    """What the children said: an answer a job, and why for each job without one."""

    done: dict[Job, Answer] = field(default_factory=dict)
    broken: dict[Job, str] = field(default_factory=dict)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    isolation: str = ""


async def answer(
    jobs: Sequence[Job], named: Mapping[str, SourceFile], sandbox: Sandbox, limits: JailLimits
) -> Answers:
    """Do `jobs` on the files that they name. OSError when no child can start."""
    texts = {name: one_line_break(file.text) for name, file in named.items()}
    answers, left = Answers(), list(jobs)
    for _ in range(BREAKS_MAX + 1):
        if not left:
            break
        finished = await sandbox.run(COMMAND, files=texts, stdin=_request(named, left), limits=limits)
        answers.isolation = finished.isolation
        _collect(finished, left, answers)
        left = [job for job in left if job not in answers.done and job not in answers.broken]
    answers.broken |= dict.fromkeys(
        left, f"not reached: {BREAKS_MAX + 1} other files broke the tools before it"
    )
    return answers


def _request(named: Mapping[str, SourceFile], jobs: Sequence[Job]) -> bytes:
    given = tuple(Given(name, str(file.language or ""), file.touched) for name, file in named.items())
    return REQUEST.dump_json(Request(given, tuple(jobs)))


def _collect(finished: Finished, jobs: Sequence[Job], answers: Answers) -> None:
    """Take what is complete; the job that began last and did not finish is the one that broke."""
    known, begun = frozenset(jobs), None
    for line in _lines(finished.stdout):
        if line.job not in known:
            continue
        begun = line.job
        if line.answer is not None:
            answers.done[line.job] = line.answer
            answers.seconds[line.job.tool] += line.seconds
    why = _why(finished)
    if begun is None and why:
        answers.broken |= dict.fromkeys(jobs, f"the child did not start: {why}")
    elif begun is not None and begun not in answers.done:
        answers.broken[begun] = why or "it stopped without a word"


def _lines(output: bytes) -> Iterator[Line]:
    for raw in output.split(b"\n"):
        try:
            yield LINE.validate_json(raw)
        except ValidationError:  # a last line cut short; whatever else it is, it is no answer
            continue


def _why(finished: Finished) -> str:
    if finished.ended:
        return {"timeout": "it took too long", "output": "it wrote too much"}[finished.ended]
    if finished.returncode == 0:
        return ""
    said = finished.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
    return f"it ended with {finished.returncode}" + (f" ({said})" if said else "")
