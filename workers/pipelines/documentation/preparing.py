"""What is behind the code, and what of it models are shown: cut to size, and made safe all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.pages.compose import more_id, overview_mark
from workers.analysis.pages.document import OVERVIEW
from workers.analysis.pages.drift import changed
from workers.analysis.pages.topics import Topic, topics
from workers.analysis.pages.unsaid import is_unsaid, unsaid
from workers.analysis.redaction import make_safe
from workers.pipelines.documentation import excerpts
from workers.pipelines.documentation.planning import Listed
from workers.pipelines.documentation.questions import Shown
from workers.pipelines.documentation.values import DocsLimits, Job
from workers.pipelines.documentation.writing import Part


@dataclass(frozen=True, slots=True)
class Stale:
    """A page that is to be written anew, in part or whole."""

    job: Job
    listed: Listed
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """`taken_out` is a sentence about what was removed before a model saw anything, "" when nothing was."""

    stale: tuple[Stale, ...]
    taken_out: str


def prepared(jobs: Sequence[Job], limits: DocsLimits, *, fill: bool) -> Prepared:
    """The pages that are behind their modules, with what models are shown of those; `fill`: also those that say nothing
    but what the code says, as after a run that had no model or no money.
    """
    behind = [(job, groups) for job in jobs if (groups := list(_groups(job, limits, fill=fill)))]
    texts = [text for job, groups in behind for text in _texts(job, groups, limits)]
    safe = make_safe([], texts)
    rest = iter(safe.code)
    return Prepared(
        tuple(_stale(job, groups, rest) for job, groups in behind), safe.notice() if behind else ""
    )


def _groups(job: Job, limits: DocsLimits, *, fill: bool) -> Iterator[Sequence[Topic]]:
    """The topics to be written, as many at once as one question takes; an empty group for an overview alone."""
    module, slug = job.source.module, job.name.slug
    every = topics(module, slug)
    stale = changed(every, job.before)
    if fill:
        bare = (*stale, *unsaid(every, job.before))
        stale = tuple(one for one in every if one in bare)
    alone = (f"{slug}-{OVERVIEW}", *(more_id(slug, one) for one in job.headings))
    found, mark = map(job.before.section, alone), overview_mark(module, slug)
    is_bare = fill and is_unsaid(module, (), job.before, slug)
    if not stale and (is_bare or any(one is None or one.mark != mark for one in found)):
        yield ()
    for start in range(0, len(stale), limits.topics_at_once_max):
        yield stale[start : start + limits.topics_at_once_max]


def _texts(job: Job, groups: Sequence[Sequence[Topic]], limits: DocsLimits) -> Iterator[str]:
    """What a model could see of it, in the order in which `_stale` takes it back."""
    module = job.source.module
    yield excerpts.one_line(module, limits.names_shown_max)
    for group in groups:
        yield excerpts.outline(group, limits.outline_max_chars)
        yield excerpts.source(job.source.text, group, limits.source_max_chars)


def _stale(job: Job, groups: Sequence[Sequence[Topic]], safe: Iterator[str]) -> Stale:
    module = job.source.module
    listed = Listed(module.path, next(safe), topics(module, job.name.slug))
    parts = tuple((group, Shown(module.path, module.language, next(safe), next(safe))) for group in groups)
    return Stale(job, listed, parts)
