"""The questions to a model: rules outside, everything that others wrote inside marked blocks, no secret in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.redaction import make_safe
from workers.domain.improvement import Place
from workers.domain.task import Task
from workers.experts import voice
from workers.experts.batching import Batch, Plan, Room, plan, room_in
from workers.experts.extent import readable
from workers.experts.masking import masked
from workers.experts.questions import as_data, complexity
from workers.llm.prompts import Prompt, load
from workers.llm.routing.floor import is_risky
from workers.pipelines.improving.answer import Proposals
from workers.pipelines.improving.values import ImproveLimits, ImproveRequest, for_window

KIND = "improve"


@dataclass(frozen=True, slots=True)
class Question:
    """A part of the change, and what is asked about it."""

    batch: Batch
    task: Task[Proposals]


@dataclass(frozen=True, slots=True)
class Questions:
    """All of them, the files of which something is in none, and a sentence about what was taken out of their texts."""

    asked: tuple[Question, ...]
    left_out: tuple[str, ...]
    taken_out: str


def questions(request: ImproveRequest, boundary: str, limits: ImproveLimits, window_tokens: int) -> Questions:
    """What is asked, as far as the window goes. Takes a while: code and secrets are searched."""
    writer = _Writer(request, boundary, for_window(limits, window_tokens))
    planned = writer.planned(window_tokens)
    pieces = [piece.text for batch in planned.batches for piece in batch.pieces]
    safe = make_safe([writer.about(), writer.said()], pieces)
    code = iter(safe.code)
    texts = ["\n\n".join(next(code) for _ in batch.pieces) for batch in planned.batches]
    about, said = safe.prose
    asked = tuple(writer.questions(planned.batches, about, said, texts))
    return Questions(asked, planned.left_out, safe.notice() if asked else "")


@dataclass(frozen=True, slots=True)
class _Writer:
    request: ImproveRequest
    boundary: str
    limits: ImproveLimits

    def planned(self, window_tokens: int) -> Plan:
        files = [masked(file) for file in readable(self.request.change.files)]
        fixed = [*(prompt.text for prompt in self._prompts()), self.said(), self._voice()]
        around = sum(map(len, fixed)) + self.limits.about_max_chars + len(str(Proposals.model_json_schema()))
        room = room_in(window_tokens, self.limits.output_max_tokens, around, self.limits.batches_max)
        return plan(files, {}, Room(min(room.batch_max_chars, self.limits.batch_max_chars), room.batches_max))

    def questions(
        self, batches: Sequence[Batch], about: str, said: str, texts: Sequence[str]
    ) -> Iterator[Question]:
        for number, (batch, text) in enumerate(zip(batches, texts, strict=True), start=1):
            # cut when the secrets are out: half a secret is known by nobody
            told = {"about": about[: self.limits.about_max_chars], "said": said, "excerpt": text}
            blocks = {name: as_data(value, self.boundary) for name, value in told.items()}
            yield Question(batch, self._task(batch, f"{number} of {len(batches)}", blocks))

    def about(self) -> str:
        change = self.request.change
        return f"{change.title}\n\n{change.body}".strip()

    def said(self) -> str:
        return "\n".join(map(_said, self.request.said[: self.limits.said_max]))

    def _task(self, batch: Batch, part: str, blocks: dict[str, str]) -> Task[Proposals]:
        system, context, question = self._prompts()
        versions = (prompt.version for prompt in (system, context, question))
        return Task(
            kind=KIND,
            system=system.fill(boundary=self.boundary, most=str(self.limits.per_answer_max)),
            prompt=question.fill(),
            schema=Proposals,
            prefix=context.fill(boundary=self.boundary, part=part, **blocks) + self._voice(),
            prompt_version=" ".join((*versions, *voice.versions(self.request.voice))),
            boundary=self.boundary,
            output_max_tokens=self.limits.output_max_tokens,
            timeout_s=self.limits.timeout_s,
            complexity=complexity(batch),
            # By the paths alone: nothing that is written in a change can make it look harmless.
            risky=is_risky(self._places(batch), self.request.risky_paths),
        )

    def _places(self, batch: Batch) -> list[str]:
        shown = set(batch.paths())
        files = [file for file in self.request.change.files if file.path in shown]
        return [path for file in files for path in (file.path, file.old_path) if path]

    def _voice(self) -> str:
        return voice.told(self.request.voice, self.boundary)

    def _prompts(self) -> list[Prompt]:
        return [load(f"improve.{name}") for name in ("system", "change", "question")]


def _said(place: Place) -> str:
    lines = str(place.first) if place.first == place.last else f"{place.first}-{place.last}"
    return f"{' '.join(place.path.split())}:{lines} {' '.join(place.title.split())[:150]}".rstrip()
