"""First step: what each page is to be. Without a plan pages are made as the structure alone suggests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from workers.analysis.pages.document import LeftOut
from workers.analysis.pages.topics import Topic
from workers.pipelines.documentation.answers import PagePlan, Plan
from workers.pipelines.documentation.asking import Asking
from workers.pipelines.documentation.questions import Questions
from workers.pipelines.documentation.values import DocsLimits


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one page is to be: `focus` is a sentence or two for whoever writes it."""

    category: str = ""
    focus: str = ""
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A module as it is planned: `line` is what a model sees of it, `topics` what its page could tell."""

    path: str
    line: str
    topics: tuple[Topic, ...]


async def plan(listed: Sequence[Listed], asking: Asking, questions: Questions) -> Mapping[str, Wanted]:
    """Path → what its page is to be, of the modules that were planned; questions without an answer are left to others."""
    most = questions.limits.planned_at_once_max
    groups = [listed[start : start + most] for start in range(0, len(listed), most)]
    parts = await asyncio.gather(*(_group(group, asking, questions) for group in groups))
    return {path: wanted for part in parts for path, wanted in part.items()}


async def _group(group: Sequence[Listed], asking: Asking, questions: Questions) -> Mapping[str, Wanted]:
    by_path = {one.path: one for one in group}
    check: Callable[[Plan], str | None] = partial(_wrong, paths=by_path)
    task = questions.plan("\n".join(one.line for one in group), list(by_path), check)
    answer = await asking.answer(task, tuple(by_path))
    pages = answer.value.pages if answer is not None else ()
    return {
        one.path: _wanted(one, by_path[one.path].topics, questions.limits)
        for one in pages
        if one.path in by_path
    }


def _wrong(plan: Plan, paths: Iterable[str]) -> str | None:
    known = set(paths)
    strange = [one.path for one in plan.pages if one.path not in known]
    return f"These modules are not in the list: {', '.join(strange[:5])}." if strange else None


def _wanted(page: PagePlan, topics: Sequence[Topic], limits: DocsLimits) -> Wanted:
    """What counts of a plan: symbols that are topics, and no more of them than a share that leaves a page."""
    names = {topic.symbols[0] for topic in topics}
    named = [LeftOut(one.name, one.why) for one in page.left_out if one.name in names]
    most = int(len(topics) * limits.left_out_share_max)
    return Wanted(page.category, page.focus, tuple(named[:most]))
