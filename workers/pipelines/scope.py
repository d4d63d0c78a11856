"""How a change is looked at: risky paths, how hard it looks, which sides and why not others, what it seems to be for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workers.domain.finding import Aspect
from workers.experts.base import Expert, View
from workers.experts.extent import hardness, risky_among
from workers.experts.intent_values import Intent, LookAt
from workers.llm.routing.values import Band, Wanted

NAMES_MAX = 5


@dataclass(frozen=True, slots=True)
class Scope:
    """`complexity` is 0 to 1; `idle` are experts that the rules want and that have nothing to look at.

    `mode` is how the experts work together, "" when no model is asked; `seats` how many model families are asked the
    hardest question, `batches` into how many parts the change was cut, `shares` each side's part of the budget.
    """

    risky: tuple[str, ...]
    complexity: float
    active: tuple[str, ...]
    idle: tuple[str, ...]
    unwanted: tuple[str, ...]
    intent: Intent | None = None
    mode: str = ""
    seats: int = 1
    batches: int = 1
    shares: Mapping[Aspect, float] = field(default_factory=dict)

    def __str__(self) -> str:
        """A Markdown list; paths stand in code spans."""
        return "\n".join(self._lines())

    @property
    def band(self) -> Band:
        """How hard it is, as the router sees it."""
        return Wanted("review", self.complexity, bool(self.risky)).band

    def _lines(self) -> Iterator[str]:
        why = "by its paths" if self.risky else "by length and language"
        yield f"- **How hard it looks**: {self.complexity:.2f} of 1, so {self.band} {why}"
        if self.risky:
            yield f"- **Risky paths**, for strong models only: {_paths(self.risky)}"
        yield f"- **Looked at from** {_words(self.active) or 'no side'}{self._left_out()}"
        if self.mode:
            families = "one model family" if self.seats < 2 else f"up to {self.seats} model families"
            yield f"- **Asked** {self.mode}, {families} a question, {self.batches} part{'s' * (self.batches != 1)}"
        if self.shares:
            yield f"- **Budget by side**: {', '.join(_share(*one) for one in self.shares.items())}"
        yield from self._guess()

    def _guess(self) -> Iterator[str]:
        if self.intent is None or not self.intent.told():
            return
        guessed = f"by {_plain(self.intent.model)}'s guess"
        if self.intent.purpose:
            yield f"- **What it seems to be for**, {guessed}: {_plain(self.intent.purpose)}"
        if self.intent.look_at:
            yield f"- **Looked at first**, {guessed}:"
            yield from (f"  - {_place(one)}" for one in self.intent.look_at)

    def _left_out(self) -> str:
        reasons = [f"nothing to see for {_words(self.idle)}"] if self.idle else []
        reasons += [f"{_words(self.unwanted)} not in `review.experts`"] if self.unwanted else []
        return f"; {'; '.join(reasons)}" if reasons else ""


def scope_of(
    view: View,
    experts: Sequence[Expert],
    chosen: Sequence[Expert],
    names: Sequence[str],
    risky_paths: Sequence[str],
) -> Scope:
    """The scope of a change: `experts` are all there are, `names` those that the rules want, `chosen` those that look."""
    readable = {source.path for source in view.sources}
    read = [file for file in view.change.files if file.path in readable]
    active = {expert.aspect.value for expert in chosen}
    return Scope(
        risky=risky_among(read, risky_paths),
        complexity=hardness(read),
        active=tuple(expert.aspect.value for expert in chosen),
        idle=tuple(
            expert.aspect.value
            for expert in experts
            if expert.aspect.value in names and expert.aspect.value not in active
        ),
        unwanted=tuple(expert.aspect.value for expert in experts if expert.aspect.value not in names),
    )


def _paths(paths: Sequence[str]) -> str:
    named = ", ".join(map(_code, paths[:NAMES_MAX]))
    return f"{named} and {len(paths) - NAMES_MAX} more" if len(paths) > NAMES_MAX else named


def _code(path: str) -> str:
    return f"`{path.replace('`', '')}`"


def _place(one: LookAt) -> str:
    return f"{_code(one.path)}: {_plain(one.what)}"


def _plain(text: str) -> str:
    """A model's words, without what opens a code span: the rest is made inert where it is rendered."""
    return text.replace("`", "'")


def _share(aspect: Aspect, share: float) -> str:
    return f"{aspect.value} {share:.0%}"


def _words(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
