"""The questions about a change: instructions outside, everything from the repository inside marked blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workers.analysis.languages import language_of
from workers.analysis.redaction import SafeParts, make_safe
from workers.analysis.source import Observation
from workers.analysis.symbols import Symbol
from workers.domain.change import Change, ChangedFile
from workers.domain.finding import Aspect
from workers.domain.guidelines import Guidelines
from workers.domain.task import Task
from workers.experts.batching import CHARS_PER_TOKEN, Batch, Plan, plan, room_in
from workers.experts.focus import focus_versions
from workers.experts.guidelines import whole_chars, worded
from workers.experts.masking import masked
from workers.experts.statements import FINDINGS_MAX, ModelFindings
from workers.experts.surroundings_text import Surrounding, told
from workers.llm.prompts import Prompt, load
from workers.llm.routing.complexity import combined_complexity
from workers.llm.routing.floor import is_risky
from workers.llm.routing.values import Wanted

STAGE = "review"
SHARE_MIN = 0.5
OBSERVATION_MAX_CHARS = 200
_EDGE = re.compile(r"^[ \t]{0,80}(?:<<<|>>>)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class AskLimits:
    """Limits of one review's questions; so many are under way at once for each model of a panel."""

    batches_max: int = 8
    output_max_tokens: int = 4_000
    timeout_s: float = 300.0
    about_max_chars: int = 4_000
    observations_max: int = 20
    at_once_max: int = 20
    guidelines_max_chars: int = 10_000
    surroundings_max_chars: int = 10_000
    around_max_share: float = 0.15

    def within(self, window_tokens: int) -> AskLimits:
        """These limits, with no more told around the excerpt than a window of so many tokens can spare."""
        spare = int(window_tokens * CHARS_PER_TOKEN * self.around_max_share)
        return replace(
            self,
            guidelines_max_chars=min(self.guidelines_max_chars, spare),
            surroundings_max_chars=min(self.surroundings_max_chars, spare),
        )


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a model is asked about.

    `focus` holds a paragraph for each wanted aspect. `observations` are those that no expert made a finding of: a
    model that is shown a finding repeats it, and its agreement would be worth nothing. Files that match `risky_paths`
    (globs), and those that everybody knows to be risky, are for strong models only. `surroundings` are excerpts of
    unchanged code, by the changed file that they have to do with. `purpose` is what a model guessed that the change is
    for, bounded by whoever asked it; `shares` each side's part of the budget (0 to 1), none: all of it for each.
    """

    change: Change
    files: tuple[ChangedFile, ...]
    focus: Mapping[Aspect, str]
    symbols: Mapping[str, Sequence[Symbol]] = field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    risky_paths: tuple[str, ...] = ()
    guidelines: Guidelines = field(default_factory=Guidelines)
    surroundings: Mapping[str, Sequence[Surrounding]] = field(default_factory=dict)
    purpose: str = ""
    shares: Mapping[Aspect, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question about a batch, from some sides."""

    batch: Batch
    aspects: tuple[Aspect, ...]
    task: Task[ModelFindings]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The batches, the questions about them in their order, and a sentence about what was taken out of them."""

    plan: Plan
    questions: Sequence[Asking]
    taken_out: str

    @property
    def tasks(self) -> Sequence[Task[ModelFindings]]:
        """The questions alone."""
        return [one.task for one in self.questions]


@dataclass(frozen=True, slots=True)
class _Prompts:
    system: Prompt
    change: Prompt
    question: Prompt
    purpose: Prompt | None

    def version(self, aspects: Sequence[Aspect]) -> str:
        """Of all texts that a question from these sides is made of."""
        fixed = (self.system, self.change, self.question, *((self.purpose,) if self.purpose else ()))
        return " ".join((*(one.version for one in fixed), *focus_versions(aspects)))


def prepared(inquiry: Inquiry, boundary: str, limits: AskLimits, window_tokens: int) -> Prepared:
    """What is asked about `inquiry`, as far as a window of so many tokens and the limits go."""
    writer = _Writer(inquiry, boundary, limits.within(window_tokens))
    room = room_in(window_tokens, limits.output_max_tokens, writer.around_chars(), limits.batches_max)
    planned = plan([masked(file) for file in inquiry.files], inquiry.symbols, room)
    safe = make_safe([writer.about()], writer.code(planned.batches))
    notice = safe.notice() if planned.batches else ""
    return Prepared(planned, writer.questions(planned.batches, safe), notice)


class _Writer:
    """Writes the questions: instructions outside, everything from the repository inside the marked blocks."""

    def __init__(self, inquiry: Inquiry, boundary: str, limits: AskLimits) -> None:
        self._inquiry = inquiry
        self._boundary = boundary
        self._limits = limits
        fixed = (load("review.system"), load("review.change"), load("review.question"))
        self._prompts = _Prompts(*fixed, load("scope.told") if inquiry.purpose else None)

    def around_chars(self) -> int:
        """Characters of a question beside its excerpt; the schema and the heaviest observations included."""
        fixed = (
            self._system(),
            self._question(tuple(self._inquiry.focus)),
            self._prompts.change.text,
            self.about(),
            self._purpose(),
        )
        observed = self._limits.observations_max * OBSERVATION_MAX_CHARS
        schema = len(str(ModelFindings.model_json_schema()))
        return sum(map(len, fixed)) + schema + observed + self._context_chars()

    def _context_chars(self) -> int:
        """The most that guidelines and surroundings can take: nothing is kept free for what is not there."""
        inquiry, limits = self._inquiry, self._limits
        paths = [file.path for file in inquiry.files]
        guidelines = min(limits.guidelines_max_chars, whole_chars(inquiry.guidelines, paths))
        return guidelines + (limits.surroundings_max_chars if any(inquiry.surroundings.values()) else 0)

    def code(self, batches: Sequence[Batch]) -> list[str]:
        """What the repository and its analysers say, in the order in which `tasks` takes it back."""
        return [
            text
            for batch in batches
            for text in (*(piece.text for piece in batch.pieces), *self._around(batch))
        ]

    def _around(self, batch: Batch) -> tuple[str, str, str]:
        """What is told beside the excerpt: guidelines, code elsewhere, observations."""
        limits = self._limits
        return (
            worded(self._inquiry.guidelines, batch.paths(), limits.guidelines_max_chars),
            told(self._inquiry.surroundings, batch, limits.surroundings_max_chars),
            self._observed(batch),
        )

    def questions(self, batches: Sequence[Batch], safe: SafeParts) -> list[Asking]:
        """The questions about each batch, made of what is safe of `about` and `code`."""
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
            excerpt=self._data("\n\n".join(excerpts)),
            elsewhere=self._data(elsewhere),
            observations=self._data(observed),
        )
        return shown + self._purpose()

    def _about(self, batch: Batch, prefix: str) -> Iterator[Asking]:
        hard = complexity(batch)
        # By the paths alone: nothing that is written in a change can make it look harmless.
        risky = is_risky(self._places(batch), self._inquiry.risky_paths)
        for aspects in sides(tuple(self._inquiry.focus), hard, risky=risky):
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
            prompt_version=self._prompts.version(aspects),
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

    def about(self) -> str:
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

    def _observed(self, batch: Batch) -> str:
        shown = {(piece.path, line) for piece in batch.pieces for line in piece.lines}
        near = [one for one in self._inquiry.observations if (one.path, one.line) in shown]
        return "\n".join(
            f"{one.path}:{one.line}: {one.tool} {one.rule}: {one.message}"[:OBSERVATION_MAX_CHARS]
            for one in near[: self._limits.observations_max]
        )


def as_data(text: str, boundary: str) -> str:
    """Text that can't close its block, even if it had guessed the boundary, and shows nothing that looks so."""
    apart = _EDGE.sub(lambda edge: edge[0].replace("<", "‹").replace(">", "›"), text)
    return apart.replace(boundary, "…") or "(none)"


def sides(aspects: tuple[Aspect, ...], hard: float, *, risky: bool) -> Sequence[tuple[Aspect, ...]]:
    """Who asks together: a simple batch gets one question from all sides, any other one from each.

    One question for six sides costs a sixth, and finds less where there is much to find.
    """
    simple = Wanted(STAGE, hard, risky).band == "simple"
    return [aspects] if simple else [(aspect,) for aspect in aspects]


def complexity(batch: Batch) -> float:
    """How hard it looks, 0 to 1: by length and language."""
    return combined_complexity(
        (len(piece.text), language.value if (language := language_of(piece.path, piece.text)) else "")
        for piece in batch.pieces
    ).score
