"""The questions of the documentation pipeline: instructions outside, everything from the repository in marked blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workers.domain.task import T, Task
from workers.experts import voice
from workers.experts.questions import as_data
from workers.llm.prompts import Prompt, load
from workers.llm.routing.complexity import complexity_of
from workers.llm.routing.floor import is_risky
from workers.pipelines import house
from workers.pipelines.documentation.answers import Draft, Fuller, Judgement, Plan
from workers.pipelines.documentation.values import DocsLimits, DocsRequest

PLAN, WRITE, VALIDATE = "scope/docs", "docs", "validate/docs"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of one module, safe for a model to read."""

    path: str
    language: str
    outline: str
    source: str


@dataclass(frozen=True, slots=True)
class Questions:
    """Writes the tasks of one run."""

    request: DocsRequest
    limits: DocsLimits
    boundary: str

    def plan(self, modules: str, paths: Sequence[str], check: Callable[[Plan], str | None]) -> Task[Plan]:
        """What the pages of these modules are to be; `modules` are their lines."""
        prompt = load("docs.plan")
        filled = prompt.fill(boundary=self.boundary, modules=self._data(modules))
        return self._task(PLAN, prompt, filled, Plan, check, paths, self.limits.plan_output_max_tokens, 0.3)

    def write(
        self, shown: Shown, focus: str, check: Callable[[Draft], str | None], headings: Sequence[str]
    ) -> Task[Draft]:
        """The texts of one page, and of the sections `headings` that it has besides."""
        prompt = load("docs.write")
        filled = prompt.fill(
            boundary=self.boundary,
            path=self._data(shown.path),
            language=shown.language,
            focus=self._data(focus),
            symbols=self._data(shown.outline),
            source=self._data(shown.source),
        )
        hard = complexity_of(len(shown.source), shown.language).score
        most, schema = self.limits.write_output_max_tokens, Fuller if headings else Draft
        task = self._task(
            WRITE, prompt, filled + self._more(headings), schema, check, [shown.path], most, hard
        )
        rules, more = self.request.rules, (load("docs.more").version,) if headings else ()
        version = " ".join((task.prompt_version, *more, *house.version(rules)))
        return replace(task, prompt=task.prompt + house.told(rules, self.boundary), prompt_version=version)

    def _more(self, headings: Sequence[str]) -> str:
        if not headings:
            return ""
        sections = self._data("\n".join(headings))
        return f"\n\n{load('docs.more').fill(boundary=self.boundary, sections=sections)}"

    def validate(self, shown: Shown, page: str, check: Callable[[Judgement], str | None]) -> Task[Judgement]:
        """What is wrong with those texts."""
        prompt = load("docs.validate")
        filled = prompt.fill(
            boundary=self.boundary,
            source=self._data(shown.source),
            page=self._data(page),
        )
        most = self.limits.validate_output_max_tokens
        return self._task(VALIDATE, prompt, filled, Judgement, check, [shown.path], most, 0.5)

    def _task(
        self,
        kind: str,
        prompt: Prompt,
        filled: str,
        schema: type[T],
        check: Callable[[T], str | None],
        paths: Sequence[str],
        output_max_tokens: int,
        complexity: float,
    ) -> Task[T]:
        system = load("docs.system")
        return Task(
            kind=kind,
            system=system.fill(boundary=self.boundary),
            prompt=filled + voice.told(self.request.voice, self.boundary),
            schema=schema,
            prompt_version=" ".join((system.version, prompt.version, *voice.versions(self.request.voice))),
            boundary=self.boundary,
            check=check,
            output_max_tokens=output_max_tokens,
            timeout_s=self.limits.timeout_s,
            complexity=complexity,
            risky=is_risky(paths, self.request.risky_paths),
            urgent=self.request.urgent,
        )

    def _data(self, text: str) -> str:
        return as_data(text, self.boundary)
