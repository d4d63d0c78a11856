"""The documentation pipeline: plan → write → validate, then put together and check. Values in, values out.

Whatever models do, every page that comes out has passed the checker; without models pages hold what the code says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from statistics import fmean

from workers.analysis.pages.document import Existing
from workers.analysis.pages.formats import FORMATS
from workers.analysis.pages.slugs import names, safe
from workers.analysis.structure.model import public
from workers.domain.task import Models
from workers.pipelines.documentation import planning, writing
from workers.pipelines.documentation.asking import Asking
from workers.pipelines.documentation.finishing import finished
from workers.pipelines.documentation.obeying import Made, obeying
from workers.pipelines.documentation.partial import partial
from workers.pipelines.documentation.planning import Wanted
from workers.pipelines.documentation.preparing import Stale, prepared
from workers.pipelines.documentation.questions import WRITE, Questions
from workers.pipelines.documentation.values import (
    DocsLimits,
    DocsRequest,
    Documented,
    Job,
    Page,
    Skipped,
    Source,
    for_window,
)
from workers.pipelines.documentation.writing import Texts
from workers.pipelines.house import Patterns


async def document(
    request: DocsRequest,
    models: Models | None,
    *,
    boundary: str,
    limits: DocsLimits,
    progress: Callable[[str], None],
    patterns: Patterns | None = None,
) -> Documented:
    """A page for each module with a public interface. Only what is missing or behind the code is asked about.

    `patterns` None: whether pages hold to the repository's own rules is not looked at, because nothing is written.
    """
    found = await asyncio.to_thread(lambda: list(_jobs(request)))
    jobs = [one for one in found if isinstance(one, Job)]
    skipped = [one for one in found if isinstance(one, Skipped)]
    orphans = await asyncio.to_thread(_orphans, request)
    if models is None:
        made = await _obeying(await _finished(jobs, {}, {}), jobs, {}, request, patterns)
        return _documented([*skipped, *made], orphans, None, partial(made, request.sources))
    limits = for_window(limits, models.window_tokens())
    asking = Asking(models, asyncio.Semaphore(limits.asked_at_once_max), progress)
    questions = Questions(request, limits, boundary)
    # Megabytes are searched for secrets: not on the loop that keeps leases alive.
    ready = await asyncio.to_thread(prepared, jobs, limits, fill=request.urgent)
    plans = await planning.plan([one.listed for one in ready.stale], asking, questions)
    told = await asyncio.gather(*(_told(one, plans, asking, questions) for one in ready.stale))
    said = {one.job.path: texts for one, texts in zip(ready.stale, told, strict=True)}
    made = await _obeying(await _finished(jobs, plans, said), jobs, plans, request, patterns)
    notices = (ready.taken_out, *partial(made, request.sources))
    return _documented([*skipped, *made], orphans, asking, notices)


def _jobs(request: DocsRequest) -> Iterator[Job | Skipped]:
    """The pages to be made, and the modules that get none."""
    called = names(sorted({*request.others, *(one.module.path for one in request.sources)}))
    form = FORMATS[request.format]
    for source in request.sources:
        name = called[source.module.path]
        path = form.place(request.folder, name.title)
        old = request.pages.get(path, "")
        before = form.read(name.title, old.replace("\r\n", "\n")) if old else Existing("")
        why = _why_not(source, before, PurePosixPath(path), old)
        job = Job(source, name, path, before, form, old, request.headings)
        yield Skipped(source.module.path, why) if why else job


def _why_not(source: Source, before: Existing, path: PurePosixPath, old: str) -> str:
    if source.module.path.startswith("/") or any(
        part == ".." or part.startswith(".git") for part in path.parts
    ):
        return "its page would stand where none may"
    if old.strip() and not before.source:
        return f"{path} stands there already, and nobody but people wrote it"
    if before.problems:
        return f"its page is left as it is: {'; '.join(before.problems)}"
    if next(public(source.module), None) is None:
        return "; ".join(gap.why for gap in source.module.gaps) or "nothing of it is public"
    return ""


async def _told(stale: Stale, plans: Mapping[str, Wanted], asking: Asking, questions: Questions) -> Texts:
    """The texts of one page, without the topics that its plan leaves out."""
    module = stale.job.source.module
    wanted = plans.get(module.path, Wanted())
    absent = {one.symbol for one in wanted.left_out}
    parts = [([one for one in group if one.symbols[0] not in absent], shown) for group, shown in stale.parts]
    texts = await writing.write(stale.job.source, parts, wanted.focus, asking, questions)
    if texts.score is not None and texts.writer:
        asking.models.observe(texts.writer, WRITE, texts.score)
    return texts


async def _finished(jobs: Sequence[Job], plans: Mapping[str, Wanted], said: Mapping[str, Texts]) -> Made:
    def finish() -> Made:
        return [
            finished(job, plans.get(job.source.module.path, Wanted()), said.get(job.path, Texts()))
            for job in jobs
        ]

    return await asyncio.to_thread(finish)


async def _obeying(
    made: Made,
    jobs: Sequence[Job],
    plans: Mapping[str, Wanted],
    request: DocsRequest,
    patterns: Patterns | None,
) -> Made:
    if patterns is None:
        return made

    def bare(job: Job) -> Page | Skipped:
        return finished(job, plans.get(job.source.module.path, Wanted()), Texts())

    return await obeying(made, {job.path: job for job in jobs}, bare, request.rules, patterns)


def _orphans(request: DocsRequest) -> tuple[str, ...]:
    """Pages of ours whose module is gone, where all modules are known."""
    form, modules = (
        FORMATS[request.format],
        {safe(path) for path in (*request.others, *(one.module.path for one in request.sources))},
    )
    sources = {path: form.read("", text).source for path, text in request.pages.items()}
    return tuple(
        sorted(
            path for path, source in sources.items() if request.others and source and source not in modules
        )
    )


def _documented(
    made: Made, orphans: tuple[str, ...], asking: Asking | None, notices: Sequence[str]
) -> Documented:
    pages = tuple(one for one in made if isinstance(one, Page))
    written = [one for one in pages if one.outcome == "written"]
    scores = [one.score for one in pages if one.score is not None]
    return Documented(
        pages,
        tuple(one for one in made if isinstance(one, Skipped)),
        orphans,
        tuple(asking.calls) if asking is not None else (),
        tuple(asking.planned) if asking is not None else (),
        tuple(filter(None, (*notices, *(asking.notices() if asking is not None else ())))),
        fmean(scores) if scores else None,
        fmean(not one.doubts for one in written) if written else None,
    )


__all__ = ["DocsLimits", "DocsRequest", "Documented", "Source", "document"]
