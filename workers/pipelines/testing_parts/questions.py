"""The questions of the tests pipeline: instructions outside, everything from the repository in marked blocks."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.task import Task
from workers.experts.questions import as_data
from workers.llm.prompts import load
from workers.llm.routing.complexity import complexity_of
from workers.llm.routing.floor import is_risky
from workers.pipelines import house
from workers.pipelines.testing_parts.answers import Written
from workers.pipelines.testing_parts.excerpts import Shown
from workers.pipelines.testing_parts.values import TestsLimits, TestsRequest

KIND = "tests/write"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was written before, and the sentences about what is wrong with it; both safe to show."""

    text: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Questions:
    """Writes the tasks of one run."""

    request: TestsRequest
    limits: TestsLimits
    boundary: str

    def write(self, one: Shown, refused: Refused | None = None) -> Task[Written]:
        """The test file of one module; after `refused`, another one."""
        system, prompt, repair = load("tests.system"), load("tests.write"), load("tests.repair")
        subject = one.subject
        filled = prompt.fill(
            boundary=self.boundary,
            language=str(subject.source.language),
            framework=subject.habits.framework.value,
            path=self._data(subject.test),
            targets=self._data("\n".join(target.full_name for target in subject.targets)),
            module=self._data(subject.imported.name),
            source=self._data(one.source),
            beside=self._data(one.beside),
            example=self._data(one.example),
        )
        rules = self.request.rules
        filled += house.told(rules, self.boundary)
        if refused is not None:
            texts = {"before": self._data(refused.text), "wrong": self._data(refused.wrong)}
            filled = f"{filled}\n\n{repair.fill(boundary=self.boundary, **texts)}"
        return Task(
            kind=KIND,
            system=system.fill(boundary=self.boundary),
            prompt=filled,
            schema=Written,
            prompt_version=" ".join(
                (*(each.version for each in (system, prompt, repair)), *house.version(rules))
            ),
            boundary=self.boundary,
            output_max_tokens=self.limits.output_max_tokens,
            timeout_s=self.limits.timeout_s,
            complexity=complexity_of(len(one.source), str(subject.source.language)).score,
            risky=is_risky([subject.path], self.request.risky_paths),
            urgent=self.request.urgent,
        )

    def _data(self, text: str) -> str:
        return as_data(text, self.boundary)
