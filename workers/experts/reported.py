"""What others have reported already, told to whoever comes after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workers.domain.finding import Finding
from workers.experts.questions import Asking, as_data
from workers.llm.prompts import load

REPORTED_MAX = 30
TITLE_MAX_CHARS = 120


def with_reported(asking: Asking, reported: Sequence[Finding]) -> Asking:
    """The question with what was reported of its batch, as data: it is a model's text."""
    prompt, task = load("review.reported"), asking.task
    lines = "\n".join(_line(one) for one in reported[:REPORTED_MAX])
    told = prompt.fill(boundary=task.boundary, reported=as_data(lines, task.boundary))
    version = f"{task.prompt_version} {prompt.version}"
    return replace(asking, task=replace(task, prompt=f"{task.prompt}\n\n{told}", prompt_version=version))


def _line(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}" if finding.line else finding.path
    return f"{place}: {' '.join(finding.title.split())[:TITLE_MAX_CHARS]}"
