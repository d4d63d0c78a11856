"""Writes the questions about a change: batches, and what is told around each excerpt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.redaction import SafeParts, make_safe
from workers.domain.finding import Aspect
from workers.domain.task import Task
from workers.experts import voice
from workers.experts.batching import BETWEEN, CHARS_PER_TOKEN, Batch, Plan, plan, room_in
from workers.experts.excerpt import size_of, sized
from workers.experts.focus import focus_versions
from workers.experts.guidelines import cut, whole_size, worded
from workers.experts.questions import (
    STAGE,
    Asking,
    AskLimits,
    Inquiry,
    Prepared,
    as_data,
    complexity,
    sides,
    together,
)
from workers.experts.statements import FINDINGS_MAX, ModelFindings
from workers.experts.surroundings_text import told
from workers.llm.conversation import schema_of
from workers.llm.prompts import Prompt, load
from workers.llm.routing.floor import is_risky

SHARE_MIN = 0.5
OBSERVATION_MAX_CHARS = 200
PART = "999 of 999"
MARKS_MAX_CHARS = 300  # the mark of a secret can be longer than the secret


@dataclass(frozen=True, slots=True)
class _Prompts:
    system: Prompt
    change: Prompt
    question: Prompt
    purpose: Prompt | None

    def version(self, aspects: Sequence[Aspect], *others: str) -> str:
        """Of all texts that a question from these sides is made of."""
        fixed = (self.system, self.change, self.question, *((self.purpose,) if self.purpose else ()))
        return " ".join((*(one.version for one in fixed), *others, *focus_versions(aspects)))


def prepared(inquiry: Inquiry, boundary: str, limits: AskLimits, window_tokens: int) -> Prepared:
    """What is asked about `inquiry`, as far as a window of so many tokens and the limits go."""
    writer = _Writer(inquiry, boundary, limits, window_tokens)
    planned, safe = writer.drafted()
    notice = safe.notice() if planned.batches else ""
    return Prepared(planned, writer.questions(planned.batches, safe), notice)


def draft(inquiry: Inquiry, boundary: str, limits: AskLimits, window_tokens: int) -> None:
    """Look through what will be asked about: `prepared` has less to do then, whatever is told beside it."""
    _Writer(inquiry, boundary, limits, window_tokens).drafted()


class _Writer:
    """Writes the questions: instructions outside, everything from the repository inside the marked blocks.

    What is not the excerpt has to leave it room: in a small window few sides ask together, and little is told around.
    """

    def __init__(self, inquiry: Inquiry, boundary: str, limits: AskLimits, window_tokens: int) -> None:
        self._inquiry = inquiry
        self._boundary = boundary
        self._voice = voice.told(inquiry.voice, boundary)
        fixed = (load("review.system"), load("review.change"), load("review.question"))
        self._prompts = _Prompts(*fixed, load("scope.told") if inquiry.purpose else None)
        sent_chars = (window_tokens - limits.output_max_tokens) * CHARS_PER_TOKEN
        self._groups = together(inquiry.focus, int(sent_chars * limits.sides_max_share))
        self._limits = limits.within(sent_chars - self._fixed_chars())
        self._room = room_in(
            window_tokens,
            limits.output_max_tokens,
            self._fixed_chars() + self._around_chars(),
            limits.batches_max,
        )

    def drafted(self) -> tuple[Plan, SafeParts]:
        """The batches, and what is safe of the texts that tell of them."""
        planned = plan(self._inquiry.masked(), self._inquiry.symbols, self._room, self._inquiry.shown)
        return planned, make_safe([self._told()], self._code(planned.batches), self._inquiry.looked)

    def _fixed_chars(self) -> int:
        """Characters of a question in which nothing is told; the schema included."""
        nothing = self._prefix(PART, "", [""], "", "", "")
        longest = max((size_of(self._question(group)) for group in self._groups), default=0)
        schema = len(str(schema_of(ModelFindings)))
        return size_of(self._system()) + size_of(nothing) + longest + schema + MARKS_MAX_CHARS

    def _around_chars(self) -> int:
        """The most that is told around an excerpt: nothing is kept free for what is not there."""
        inquiry, limits = self._inquiry, self._limits
        paths = [file.path for file in inquiry.files]
        guidelines = min(limits.guidelines_max_chars, whole_size(inquiry.guidelines, paths))
        surroundings = limits.surroundings_max_chars if any(inquiry.surroundings.values()) else 0
        return size_of(self._told()) + guidelines + surroundings + self._observed_max_chars()

    def _observed_max_chars(self) -> int:
        told = min(self._limits.observations_max, len(self._inquiry.observations))
        return min(self._limits.observations_max_chars, told * OBSERVATION_MAX_CHARS)

    def _code(self, batches: Sequence[Batch]) -> list[str]:
        """What the repository and its analysers say, in the order in which `questions` takes it back."""
        return [
            text
            for batch in batches
            for text in (*(piece.text for piece in batch.pieces), *self._around(batch))
        ]

    def _around(self, batch: Batch) -> tuple[str, str, str]:
        """What is told beside the excerpt: guidelines, code elsewhere, observations."""
        limits = self._limits
        inquiry, paths = self._inquiry, batch.paths()
        return (
            sized(lambda chars: worded(inquiry.guidelines, paths, chars), limits.guidelines_max_chars),
            sized(lambda chars: told(inquiry.surroundings, batch, chars), limits.surroundings_max_chars),
            sized(lambda chars: self._observed(batch, chars), self._observed_max_chars()),
        )

    def questions(self, batches: Sequence[Batch], safe: SafeParts) -> list[Asking]:
        """The questions about each batch, made of what is safe of what `drafted` made."""
        code, about = iter(safe.code), safe.prose[0]
        questions: list[Asking] = []
        for number, batch in enumerate(batches, start=1):
            part = f"{number} of {len(batches)}"
            excerpts = [next(code) for _ in batch.pieces]
            prefix = self._prefix(part, about, excerpts, next(code), next(code), next(code))
            questions += self._about(batch, prefix)
        return questions

    def _prefix(
        self,
        part: str,
        about: str,
        excerpts: Sequence[str],
        guidelines: str,
        elsewhere: str,
        observed: str,
    ) -> str:
        """What all questions about a batch have in common: providers keep it, whoever asks first."""
        shown = self._prompts.change.fill(
            boundary=self._boundary,
            part=part,
            about=self._data(about),
            guidelines=self._data(guidelines),
            excerpt=self._data(BETWEEN.join(excerpts)),
            elsewhere=self._data(elsewhere),
            observations=self._data(observed),
        )
        return shown + self._purpose() + self._voice

    def _about(self, batch: Batch, prefix: str) -> Iterator[Asking]:
        hard = complexity(batch)
        # By the paths alone: nothing that is written in a change can make it look harmless.
        risky = is_risky(self._places(batch), self._inquiry.risky_paths)
        for aspects in sides(self._groups, hard, risky=risky):
            yield Asking(batch, aspects, self._task(prefix, aspects, hard, risky=risky))

    def _task(
        self, prefix: str, aspects: Sequence[Aspect], hard: float, *, risky: bool
    ) -> Task[ModelFindings]:
        return Task(
            kind=STAGE,
            system=self._system(),
            prompt=self._question(aspects),
            schema=ModelFindings,
            prefix=prefix,
            prompt_version=self._prompts.version(aspects, *voice.versions(self._inquiry.voice)),
            boundary=self._boundary,
            output_max_tokens=self._answer_tokens(aspects),
            timeout_s=self._limits.timeout_s,
            complexity=hard,
            risky=risky,
        )

    def _answer_tokens(self, aspects: Sequence[Aspect]) -> int:
        """By the sides' share of the budget: all of it for an equal share or more, half of it at least."""
        shares, most = self._inquiry.shares, self._limits.output_max_tokens
        if not shares:
            return most
        of_equal = sum(shares.get(one, 0.0) for one in aspects) * len(shares) / len(aspects)
        return round(most * min(1.0, max(SHARE_MIN, of_equal)))

    def _places(self, batch: Batch) -> list[str]:
        """Where its files are and were: what was moved out of a risky place is as risky as it was there."""
        shown = set(batch.paths())
        files = [file for file in self._inquiry.files if file.path in shown]
        return [path for file in files for path in (file.path, file.old_path) if path]

    def _told(self) -> str:
        """Title and body of the pull request, at their length limit."""
        change = self._inquiry.change
        return f"{change.title}\n\n{change.body}".strip()[: self._limits.about_max_chars]

    def _purpose(self) -> str:
        """A model's guess, so as little to be trusted as the texts that it was made of."""
        if self._prompts.purpose is None:
            return ""
        purpose = self._data(self._inquiry.purpose)
        return f"\n\n{self._prompts.purpose.fill(boundary=self._boundary, purpose=purpose)}"

    def _system(self) -> str:
        return self._prompts.system.fill(boundary=self._boundary)

    def _question(self, aspects: Sequence[Aspect]) -> str:
        told = "\n".join(f'- "{aspect.value}". {self._inquiry.focus[aspect]}' for aspect in aspects)
        return self._prompts.question.fill(aspects=told, findings_max=str(FINDINGS_MAX))

    def _data(self, text: str) -> str:
        return as_data(text, self._boundary)

    def _observed(self, batch: Batch, max_chars: int) -> str:
        shown = {(piece.path, line) for piece in batch.pieces for line in piece.lines}
        near = [one for one in self._inquiry.observations if (one.path, one.line) in shown]
        lines = (
            f"{one.path}:{one.line}: {one.tool} {one.rule}: {one.message}"[: OBSERVATION_MAX_CHARS - 1]
            for one in near[: self._limits.observations_max]
        )
        return cut("\n".join(lines), max_chars)
