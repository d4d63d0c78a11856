"""Suggestions as Markdown and as JSON. Keys are only ever added while `version` stays 1."""

from __future__ import annotations

from typing import Any

from bot.cli.formats.written import written
from workers.domain.hidden import revealed
from workers.domain.improvement import Improvement, Improvements
from workers.domain.secrets import redact
from workers.domain.usage import Usage
from workers.github.fences import code_span
from workers.github.prose import parted
from workers.github.render.blocks import paragraphs
from workers.github.render.improved import improvement_text, not_offered_text
from workers.github.sanitise import Sanitiser

VERSION = 1
NOTHING = "Nothing that could be committed was proposed."


def improved_markdown(found: Improvements) -> str:
    """Each with its place, then those that are not offered."""
    cleaner = Sanitiser("")
    shown = [f"### {_place(one, cleaner)}\n\n{improvement_text(one, cleaner)}" for one in found.offered]
    return f"{paragraphs(*(shown or [NOTHING]), not_offered_text(found, cleaner))}\n"


def improved_json(found: Improvements) -> str:
    """Everything that was proposed; `suggestion` replaces the lines `start_line` to `line`. Costs in micro-dollars."""
    usage = sum((call.usage for call in found.calls), Usage())
    return written(
        {
            "version": VERSION,
            "suggestions": [_suggestion(one) for one in found.offered],
            "not_offered": [
                {"path": redact(one.path).text, "title": _prose(one.title), "why": one.why}
                for one in found.left
            ],
            "unread": [redact(path).text for path in found.unread],
            "notices": [_prose(one) for one in found.notices],
            "cost_micro_usd": usage.cost_micros,
            "quality": found.quality,
            "validated": found.validated,
        }
    )


def _suggestion(one: Improvement) -> dict[str, Any]:
    return {
        "fingerprint": one.fingerprint,
        "path": one.path,
        "start_line": one.lines.start,
        "line": one.line,
        "impact": str(one.impact),
        "title": _prose(one.title),
        "why": _prose(one.why),
        "suggestion": one.suggestion,
        "model": one.model,
    }


def _place(one: Improvement, cleaner: Sanitiser) -> str:
    lines = str(one.line) if one.start_line is None else f"{one.start_line}-{one.line}"
    return code_span(f"{cleaner.path(one.path)}:{lines}")


def _prose(text: str) -> str:
    """Without what acts where the output is pasted."""
    return parted(redact(revealed(text)).text)
