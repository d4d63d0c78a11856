"""Which of the suggestions are offered: those that parse, none over another's lines, the most telling ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workers.analysis.suggestions import Draft, applied
from workers.domain.change import ChangedFile
from workers.domain.improvement import Improvement, LeftOut, Place
from workers.experts.proposals import UNCHECKED, Objections

OVERLAPS = "it replaces lines of another suggestion"


async def chosen(
    tried: Sequence[Improvement],
    files: Mapping[str, ChangedFile],
    objections: Objections | None,
    offered_max: int,
) -> tuple[list[Improvement], list[LeftOut]]:
    """Those to be offered, the best first, and the others with the reason. Without anybody to parse them, none is."""
    order = sorted(tried, key=lambda one: one.impact.rank)
    drafts = [_draft(one, files) for one in order]
    why = await objections(drafts) if objections is not None else [UNCHECKED] * len(drafts)
    taken: list[Improvement] = []
    left: list[LeftOut] = []
    for one, objection in zip(order, why, strict=True):
        if objection:
            left.append(LeftOut(one.path, one.title, objection, None if objection == UNCHECKED else False))
        elif reason := _beside(one, taken, offered_max):
            left.append(LeftOut(one.path, one.title, reason, sound=True))
        else:
            taken.append(one)
    return taken, left


def _beside(one: Improvement, taken: Sequence[Improvement], offered_max: int) -> str:
    places = (Place(each.path, each.lines.start, each.line) for each in taken)
    if any(place.overlaps(one.path, one.lines) for place in places):
        return OVERLAPS
    return f"more than {offered_max} were proposed" if len(taken) >= offered_max else ""


def _draft(one: Improvement, files: Mapping[str, ChangedFile]) -> Draft:
    text = files[one.path].text or ""
    return Draft(one.path, text, applied(one.suggestion, text, one.lines.start, one.line))
