"""Last step: the page as a file. What the checker finds wrong with a model's words is not published."""

from __future__ import annotations

from workers.analysis.pages.check import problems
from workers.analysis.pages.compose import Writing, compose
from workers.analysis.pages.topics import topics
from workers.analysis.pages.unsaid import is_unsaid
from workers.domain.secrets import redact
from workers.pipelines.documentation.planning import Wanted
from workers.pipelines.documentation.values import Job, Page, Skipped
from workers.pipelines.documentation.writing import Texts


def finished(job: Job, wanted: Wanted, said: Texts) -> Page | Skipped:
    """The page with what was said; from the code alone if that does not pass; none if even that does not."""
    more = {one: said.more.get(one, "") for one in job.headings}
    writing = Writing(said.overview, said.texts, wanted.category, wanted.left_out, more)
    text, wrong = _checked(job, writing)
    if not wrong:
        return _page(job, text, said, said.doubts)
    if said.model_wrote or wanted.left_out:
        doubts = (*said.doubts, *(f"Taken back whole: {one}." for one in wrong))
        bare = Writing(category=wanted.category, more=dict.fromkeys(job.headings, ""))
        text, wrong = _checked(job, bare)
        if not wrong:
            return _page(job, text, Texts(score=said.score), doubts)
    return Skipped(job.source.module.path, f"its page would not be in order: {'; '.join(wrong)}")


def _checked(job: Job, writing: Writing) -> tuple[str, tuple[str, ...]]:
    module = job.source.module
    made = compose(module, job.name, writing, job.before)
    text = redact(job.form.write(made)).text
    return text, problems(text, module, made, job.form, None)


def _page(job: Job, text: str, said: Texts, doubts: tuple[str, ...]) -> Page:
    outcome = "written" if said.model_wrote else "unchanged" if text == job.old else "skeleton"
    module, slug = job.source.module, job.name.slug
    bare = is_unsaid(module, topics(module, slug), job.form.read(job.name.title, text), slug)
    return Page(job.path, text, module.path, outcome, said.score, doubts, bare)
