"""The questions about a change: instructions outside, everything from the repository inside marked blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workers.analysis.languages import language_of
from workers.analysis.redaction import Looked
from workers.analysis.source import Observation
from workers.analysis.symbols import Symbol
from workers.domain.change import Change, ChangedFile
from workers.domain.finding import Aspect
from workers.domain.guidelines import Guidelines
from workers.domain.task import Task
from workers.domain.voice import Voice
from workers.experts.batching import Batch, Plan
from workers.experts.excerpt import Shown
from workers.experts.masking import masked
from workers.experts.statements import ModelFindings
from workers.experts.surroundings_text import Surrounding
from workers.llm.routing.complexity import combined_complexity
from workers.llm.routing.values import Wanted

STAGE = "review"
Sides = tuple[Aspect, ...]
_EDGE = re.compile(r"^[ \t]{0,80}(?:<<<|>>>)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class AskLimits:
    """Limits of one review's questions; so many are under way at once for each model of a panel."""

    batches_max: int = 8
    output_max_tokens: int = 4_000
    timeout_s: float = 300.0
    about_max_chars: int = 4_000
    observations_max: int = 20
    observations_max_chars: int = 4_000
    at_once_max: int = 20
    guidelines_max_chars: int = 10_000
    surroundings_max_chars: int = 10_000
    around_max_share: float = 0.15
    sides_max_share: float = 0.25

    def within(self, free_chars: int) -> AskLimits:
        """These limits, with no more told around the excerpt than `free_chars` for both can spare."""
        spare = max(0, int(free_chars * self.around_max_share))
        return replace(
            self,
            about_max_chars=min(self.about_max_chars, spare),
            observations_max_chars=min(self.observations_max_chars, spare),
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
    for, bounded by whoever asked it; `shares` each side's part of the budget (0 to 1), none: all of it for each. `safe`
    are `files` without secrets of several lines, if somebody has looked already; `looked` and `shown` remember what was
    found in their texts.
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
    voice: Voice = field(default_factory=Voice)
    safe: tuple[ChangedFile, ...] = ()
    looked: Looked = field(default_factory=Looked, compare=False, repr=False)
    shown: Shown = field(default_factory=Shown, compare=False, repr=False)

    def masked(self) -> tuple[ChangedFile, ...]:
        """`files` without secrets of several lines."""
        return self.safe or tuple(map(masked, self.files))


@dataclass(frozen=True, slots=True)
class Asking:
    """A question about a batch, from some sides."""

    batch: Batch
    aspects: Sides
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


def as_data(text: str, boundary: str) -> str:
    """Text that can't close its block, even if it had guessed the boundary, and shows nothing that looks so."""
    apart = _EDGE.sub(lambda edge: edge[0].replace("<", "‹").replace(">", "›"), text)
    return apart.replace(boundary, "…") or "(none)"


def sides(groups: Sequence[Sides], hard: float, *, risky: bool) -> Sequence[Sides]:
    """Who asks together: a simple batch gets one question from each group, any other one from each side.

    One question for six sides costs a sixth, and finds less where there is much to find.
    """
    simple = Wanted(STAGE, hard, risky).band == "simple"
    return groups if simple else [(aspect,) for group in groups for aspect in group]


def together(aspects: Mapping[Aspect, str], max_chars: int) -> Sequence[Sides]:
    """As few groups as their texts fit into, in order, none over `max_chars` that could be cut further."""
    groups: list[list[Aspect]] = []
    left = 0
    for aspect, text in aspects.items():
        if not groups or len(text) > left:
            groups.append([])
            left = max_chars
        groups[-1].append(aspect)
        left -= len(text)
    return [tuple(group) for group in groups]


def complexity(batch: Batch) -> float:
    """How hard it looks, 0 to 1: by length and language."""
    return combined_complexity(
        (len(piece.text), language.value if (language := language_of(piece.path, piece.text)) else "")
        for piece in batch.pieces
    ).score
