"""A model's description: its schema, and what of it counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from workers.domain.description import Kind
from workers.domain.hidden import revealed
from workers.llm.bounded import first
from workers.pipelines.describing.kinds import KINDS_MAX

BULLETS_MAX = 6
BULLET_MAX_CHARS = 300
FILES_MAX = 150
WHAT_MAX_CHARS = 160
ISSUES_MAX = 5
WHY_MAX_CHARS = 300


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


class FileSaid(BaseModel):
    """What happens in a file."""

    model_config = ConfigDict(frozen=True)

    path: Annotated[str, first(1_000)]
    what: Annotated[str, first(1_000)] = Field(description="in at most 15 words")


class IssueSaid(BaseModel):
    """Whether an issue is done, and the changed code that shows it."""

    model_config = ConfigDict(frozen=True)

    number: int
    state: Annotated[str, BeforeValidator(_lower), first(20)] = Field(
        description='"met", "in part" or "not shown"'
    )
    why: Annotated[str, first(1_000)] = ""
    path: Annotated[str, first(1_000)] = ""
    quote: Annotated[str, first(2_000)] = ""


class Said(BaseModel):
    """A model's answer."""

    model_config = ConfigDict(frozen=True)

    kinds: Annotated[tuple[Annotated[str, BeforeValidator(_lower), first(40)], ...], first(10)] = ()
    bullets: Annotated[tuple[Annotated[str, first(1_000)], ...], first(BULLETS_MAX)]
    files: Annotated[tuple[FileSaid, ...], first(FILES_MAX)] = ()
    issues: Annotated[tuple[IssueSaid, ...], first(ISSUES_MAX)] = ()


def kinds_said(said: Said) -> tuple[Kind, ...]:
    """Those that there are, each once."""
    known = {kind.value: kind for kind in Kind}
    return tuple(dict.fromkeys(known[word] for word in said.kinds if word in known))[:KINDS_MAX]


def bullets_said(said: Said) -> tuple[str, ...]:
    """One line each, none empty."""
    lines = (line(one, BULLET_MAX_CHARS) for one in said.bullets)
    return tuple(one for one in lines if one)


def files_said(files: Iterable[FileSaid], paths: Collection[str]) -> dict[str, str]:
    """path → what happens there; only of `paths`, the first word on each."""
    found: dict[str, str] = {}
    for one in files:
        if one.path in paths and (what := line(one.what, WHAT_MAX_CHARS)):
            found.setdefault(one.path, what)
    return found


def line(text: str, max_chars: int) -> str:
    """`text` on one line, nothing hidden in it, cut with "…"."""
    flat = " ".join(revealed(text).split()).lstrip("-*• ")
    return flat if len(flat) <= max_chars else f"{flat[: max_chars - 1].rstrip()}…"
