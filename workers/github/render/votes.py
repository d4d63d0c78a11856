"""Who speaks for a finding: tools by name, models by number and by name, and who tried to disprove it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workers.domain.finding import Finding, Source, State
from workers.domain.review import Review
from workers.github.render.rendering import Rendering

NAME_MAX_CHARS = 60
SOURCES_MAX = 4
SHORT_MAX_CHARS = 20
SHORT_SOURCES_MAX = 2
VERIFIED = "✓"
UNNAMED = "unnamed source"


def model_readers(review: Review) -> Mapping[str, tuple[str, ...]]:
    """path → the models that read that file."""
    models = {call.model for call in review.calls}
    return {one.path: tuple(name for name in one.read_by if name in models) for one in review.coverage}


def votes(finding: Finding, readers: Iterable[str], rendering: Rendering) -> str:
    """In short, e.g. "ruff S602, 2/3 models, verified": of the models that read the file, how many said it."""
    models = {one.name for one in finding.sources if one.kind == "model"}
    asked = models.union(readers)
    parts = [named([one for one in finding.sources if one.kind != "model"], rendering)]
    parts += [f"{len(models)}/{len(asked)} model{'s' if len(asked) > 1 else ''}"] if models else []
    parts += [_judged(finding)]
    return ", ".join(part for part in parts if part) or UNNAMED


def found_and_verified(finding: Finding, rendering: Rendering) -> str:
    """By name: who found it, who tried to disprove it in vain, who did disprove it."""
    state = "" if finding.state is State.SINGLE else f" ({finding.state})"
    said = [(named(finding.sources, rendering) or UNNAMED) + state]
    said += [f"verified by {named(finding.stood, rendering)}"] if finding.stood else []
    said += [f"doubted by {named([one.by for one in finding.doubts], rendering)}"] if finding.doubts else []
    return "; ".join(said)


def in_a_cell(finding: Finding, rendering: Rendering) -> str:
    """The same for a narrow cell: "ruff S602, mid-a (confirmed) ✓ big-b"; a doubter stands in the list of disputes."""
    found = _short(finding.sources, SHORT_SOURCES_MAX, rendering) or UNNAMED
    state = "" if finding.state is State.SINGLE else f" ({finding.state})"
    verified = f" {VERIFIED} {_short(finding.stood, 1, rendering)}" if finding.stood else ""
    return found + state + verified


def _short(sources: Sequence[Source], most: int, rendering: Rendering) -> str:
    names = list(dict.fromkeys(rendering.sanitiser.line(str(one), SHORT_MAX_CHARS) for one in sources))
    more = len(names) - most
    return ", ".join(names[:most]) + (f" +{more}" if more > 0 else "")


def named(sources: Sequence[Source], rendering: Rendering) -> str:
    """Their names and rules, each once, the first four of them."""
    names = list(dict.fromkeys(rendering.sanitiser.line(str(one), NAME_MAX_CHARS) for one in sources))
    more = len(names) - SOURCES_MAX
    return ", ".join(names[:SOURCES_MAX]) + (f" and {more} more" if more > 0 else "")


def _judged(finding: Finding) -> str:
    if finding.state is State.DISPUTED or finding.doubts:
        return str(State.DISPUTED)
    return "verified" if finding.stood else ""
