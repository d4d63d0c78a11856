"""How a change is looked at, told without a model: risky paths, how hard it looks, which sides and why not others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.languages import language_of
from workers.domain.change import ChangedFile
from workers.experts.base import Expert, View
from workers.llm.routing.complexity import combined_complexity
from workers.llm.routing.floor import is_risky
from workers.llm.routing.values import Wanted

NAMES_MAX = 5


@dataclass(frozen=True, slots=True)
class Scope:
    """`complexity` is 0 to 1; `idle` are experts that the rules want and that have nothing to look at."""

    risky: tuple[str, ...]
    complexity: float
    active: tuple[str, ...]
    idle: tuple[str, ...]
    unwanted: tuple[str, ...]

    def __str__(self) -> str:
        """A Markdown list; paths stand in code spans."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        band = Wanted("review", self.complexity, bool(self.risky)).band
        yield f"- **How hard it looks**: {self.complexity:.2f} of 1 by length and language, so {band}"
        if self.risky:
            yield f"- **Risky paths**, for strong models only: {_paths(self.risky)}"
        yield f"- **Looked at from** {_words(self.active) or 'no side'}{self._left_out()}"

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
        risky=tuple(file.path for file in read if is_risky(_both(file), risky_paths)),
        complexity=combined_complexity(_changed(file) for file in read).score,
        active=tuple(expert.aspect.value for expert in chosen),
        idle=tuple(
            expert.aspect.value
            for expert in experts
            if expert.aspect.value in names and expert.aspect.value not in active
        ),
        unwanted=tuple(expert.aspect.value for expert in experts if expert.aspect.value not in names),
    )


def _both(file: ChangedFile) -> list[str]:
    """A file that was moved out of a risky place is as risky as it was there."""
    return [path for path in (file.path, file.old_path) if path]


def _changed(file: ChangedFile) -> tuple[int, str]:
    language = language_of(file.path, file.text or "")
    chars = sum(len(line) for hunk in file.hunks for line in hunk.lines if line[:1] in ("+", "-"))
    return chars, language.value if language is not None else ""


def _paths(paths: Sequence[str]) -> str:
    named = ", ".join(f"`{path.replace('`', '')}`" for path in paths[:NAMES_MAX])
    return f"{named} and {len(paths) - NAMES_MAX} more" if len(paths) > NAMES_MAX else named


def _words(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
