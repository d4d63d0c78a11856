"""Behind the last step: pages that break the repository's own rules are made from the code alone, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from config.rules.writing import TextRules
from workers.analysis.house import plain
from workers.pipelines.documentation.values import Job, Page, Skipped
from workers.pipelines.house import Patterns

Made = Sequence[Page | Skipped]
Bare = Callable[[Job], Page | Skipped]
"""The page of a job without a model's words."""


async def obeying(
    made: Made, jobs: Mapping[str, Job], bare: Bare, rules: TextRules, patterns: Patterns
) -> Made:
    """`made` without what breaks `rules`; what is not written now is judged by nobody. `jobs` are by their paths."""
    if rules == TextRules():
        return made
    wrong = await _wrong(made, jobs, rules, patterns)
    again = [_again(one, jobs, bare, wrong) for one in made]
    fallen = [one for one in again if isinstance(one, Page) and one.path in wrong]
    still = await _wrong(fallen, jobs, rules, patterns)
    return [_skipped(one, still) if isinstance(one, Page) and one.path in still else one for one in again]


async def _wrong(
    made: Made, jobs: Mapping[str, Job], rules: TextRules, patterns: Patterns
) -> Mapping[str, tuple[str, ...]]:
    """Path → what is wrong with the page, of those that are new and break a rule."""
    pages = [one for one in made if isinstance(one, Page) and one.text != jobs[one.path].old]
    texts = [_prose(one, jobs[one.path]) for one in pages]
    found = await patterns(texts, rules)
    said = {
        page.path: (*plain.length(page.text, rules), *plain.words(text, rules), *more)
        for page, text, more in zip(pages, texts, found, strict=True)
    }
    return {path: sentences for path, sentences in said.items() if sentences}


def _prose(page: Page, job: Job) -> str:
    """What the page says in words, on the lines where it says it: without signatures and what people wrote by hand."""
    read = job.form.read(job.name.title, page.text)
    said = {line.strip() for section in read.sections for line in section.text.split("\n")}
    return "\n".join(line if (line := each.strip()) in said else "" for each in page.text.split("\n"))


def _again(
    one: Page | Skipped, jobs: Mapping[str, Job], bare: Bare, wrong: Mapping[str, tuple[str, ...]]
) -> Page | Skipped:
    if isinstance(one, Skipped) or one.path not in wrong or one.outcome != "written":
        return one
    made = bare(jobs[one.path])
    if isinstance(made, Skipped):
        return made
    doubts = (
        *one.doubts,
        *(f"Taken back whole, by a rule of this repository: {why}" for why in wrong[one.path]),
    )
    return replace(made, score=one.score, doubts=doubts)


def _skipped(page: Page, wrong: Mapping[str, tuple[str, ...]]) -> Skipped:
    return Skipped(page.source, f"its page breaks a rule of this repository: {' '.join(wrong[page.path])}")
