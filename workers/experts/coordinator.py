"""The experts at work: their static halves and the model half, each on the same view of the change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workers.analysis.source import Observation
from workers.domain.change import ChangedFile
from workers.domain.finding import Aspect, Finding
from workers.domain.review import Planned
from workers.domain.task import DRY_RUN, Models
from workers.domain.usage import Call
from workers.domain.voice import Voice
from workers.experts.base import Expert, View
from workers.experts.discretion import discreet
from workers.experts.heard import Heard
from workers.experts.intent import intent, worth_asking
from workers.experts.intent_question import IntentLimits
from workers.experts.intent_values import Intent, NoIntent
from workers.experts.model_half import Rules, ask, look_ahead
from workers.experts.questions import AskLimits, Inquiry
from workers.experts.second_pass import Validated, validated, with_second_pass
from workers.experts.shares import by_share, shares
from workers.experts.similarity import Nearness
from workers.experts.surroundings import SearchLimits, surroundings

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Questioning:
    """What the model half needs: the models, the data blocks' boundary, limits, rules of working together.

    A review of less than `quality_threshold` (0 to 1) is made once more by a stronger model.
    """

    models: Models
    boundary: str
    limits: AskLimits = field(default_factory=AskLimits)
    intent_limits: IntentLimits = field(default_factory=IntentLimits)
    risky_paths: tuple[str, ...] = ()
    rules: Rules = field(default_factory=Rules)
    quality_threshold: float = 0.0
    nearness: Nearness = field(default_factory=Nearness)
    voice: Voice = field(default_factory=Voice)


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the experts found. `validated` is None when no model was asked; `guess` when none needed to say what for."""

    findings: tuple[Finding, ...]
    validated: Validated | None = None
    guess: Intent | NoIntent | None = None

    @property
    def heard(self) -> Heard | None:
        """What came of asking."""
        return self.validated.heard if self.validated else None

    def calls(self) -> tuple[Call, ...]:
        """All that was asked of models."""
        return (*(self.guess.calls if self.guess else ()), *(self.heard.calls if self.heard else ()))

    def planned(self) -> tuple[Planned, ...]:
        """The questions of a dry run."""
        guessed = self.guess.calls if self.guess else ()
        first = tuple(Planned((), call) for call in guessed if call.outcome == DRY_RUN)
        return (*first, *(self.heard.planned if self.heard else ()))

    def passed(self, quality_threshold: float) -> bool | None:
        """Whether every question was answered, and well enough as a whole; None: nobody answered anything."""
        if self.validated is None or not self.validated.heard.read:
            return None
        return not self.validated.heard.failures and self.validated.assessment.passes(quality_threshold)

    def too_poor(self, quality_threshold: float) -> str:
        """What is said of a review that is not good enough, after all that could be done; "" of any other."""
        if self.validated is None or self.validated.assessment.passes(quality_threshold):
            return ""
        return self.validated.assessment.sentence(quality_threshold)

    @property
    def intent(self) -> Intent | None:
        """What the change seems to be for, if a model said so."""
        return self.guess if isinstance(self.guess, Intent) else None


async def consult(
    experts: Sequence[Expert], view: View, questioning: Questioning | None, progress: Progress
) -> Opinions:
    """Both halves of `experts` on `view`. A model's failure is in `heard`; the static half stands without it.

    What the static half reports is kept from the model, so that a model that finds the same is a second, independent
    source.
    """
    if questioning is None or not experts:
        return Opinions(await _static(experts, view, progress))
    aspects = tuple(dict.fromkeys(expert.aspect for expert in experts))
    # Nothing that the tools saw is in the question what the change is for: it is on its way while that is judged.
    guess, (static, inquiry) = await asyncio.gather(
        _guess(view, aspects, questioning), _looked_around(experts, view, questioning, progress)
    )
    said = await _validated(_guided(inquiry, guess), questioning, progress)
    return Opinions((*static, *map(discreet, said.heard.findings)), said, guess)


async def _static(experts: Sequence[Expert], view: View, progress: Progress) -> tuple[Finding, ...]:
    static = await asyncio.to_thread(_static_half, experts, view)
    progress(f"{len(experts)} expert(s) judged what the analysers saw")
    return static


async def _looked_around(
    experts: Sequence[Expert], view: View, questioning: Questioning, progress: Progress
) -> tuple[tuple[Finding, ...], Inquiry]:
    """What the static half found, and all that can be known before anything is asked about it."""
    static = await _static(experts, view, progress)
    # The whole repository is searched for callers, and the change for secrets: not on the loop that keeps leases alive.
    return static, await asyncio.to_thread(_inquiry, experts, view, static, questioning)


async def _guess(
    view: View, aspects: tuple[Aspect, ...], questioning: Questioning
) -> Intent | NoIntent | None:
    if not worth_asking(_asked_about(view), questioning.risky_paths):
        return None
    return await intent(
        questioning.models,
        view.change,
        aspects,
        boundary=questioning.boundary,
        limits=questioning.intent_limits,
        voice=questioning.voice,
    )


def _guided(inquiry: Inquiry, guess: Intent | NoIntent | None) -> Inquiry:
    """The sides that matter most come first and may say most; the guess itself goes along as data."""
    known = guess if isinstance(guess, Intent) else None
    order = by_share(tuple(inquiry.focus), known)
    return replace(
        inquiry,
        focus={aspect: inquiry.focus[aspect] for aspect in order},
        purpose=known.told() if known else "",
        shares=_no_less(shares(order), shares(order, known)),
    )


def _no_less(usual: Mapping[Aspect, float], guessed: Mapping[Aspect, float]) -> Mapping[Aspect, float]:
    """A guess gives a side more and takes nothing from another: a text could have led to it."""
    return {aspect: max(share, guessed[aspect]) for aspect, share in usual.items()}


async def _validated(inquiry: Inquiry, questioning: Questioning, progress: Progress) -> Validated:
    """What models say, and once more by a stronger one when it is not good enough."""

    async def asked(models: Models, rules: Rules) -> Heard:
        return await ask(
            models,
            inquiry,
            boundary=questioning.boundary,
            limits=questioning.limits,
            progress=progress,
            rules=rules,
        )

    nearness, english = questioning.nearness, questioning.voice.is_english
    first = validated(await asked(questioning.models, questioning.rules), nearness, english=english)
    if first.assessment.passes(questioning.quality_threshold):
        return first
    progress(first.assessment.sentence(questioning.quality_threshold))
    alone = replace(questioning.rules, seats_max=1, mode="parallel")
    return await with_second_pass(
        first, questioning.models, lambda models: asked(models, alone), nearness, english=english
    )


def _static_half(experts: Sequence[Expert], view: View) -> tuple[Finding, ...]:
    return tuple(discreet(finding) for expert in experts for finding in expert.static(view))


def _inquiry(
    experts: Sequence[Expert], view: View, static: Sequence[Finding], questioning: Questioning
) -> Inquiry:
    inquiry = Inquiry(
        change=view.change,
        files=_asked_about(view),
        focus={expert.aspect: expert.focus for expert in experts},
        symbols=view.analysis.symbols,
        observations=_unjudged(view.analysis.observations, static),
        risky_paths=questioning.risky_paths,
        guidelines=view.guidelines,
        surroundings=surroundings(view, SearchLimits()),
        voice=questioning.voice,
    )
    inquiry = replace(inquiry, safe=inquiry.masked())
    if worth_asking(inquiry.files, questioning.risky_paths):  # else nobody is waited for meanwhile
        look_ahead(inquiry, questioning.boundary, questioning.limits, questioning.models.window_tokens())
    return inquiry


def _asked_about(view: View) -> tuple[ChangedFile, ...]:
    readable = {source.path for source in view.sources}
    return tuple(file for file in view.change.files if file.path in readable and file.hunks)


def _unjudged(observations: Iterable[Observation], static: Sequence[Finding]) -> tuple[Observation, ...]:
    """The observations that no expert made a finding of."""
    lines = {
        (finding.path, line)
        for finding in static
        if finding.line is not None
        for line in range(finding.start_line or finding.line, finding.line + 1)
    }
    rules = {(finding.path, source.rule) for finding in static for source in finding.sources}
    return tuple(
        one for one in observations if (one.path, one.line) not in lines and (one.path, one.rule) not in rules
    )
