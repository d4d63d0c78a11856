"""The planner's answer: its schema, and what of it counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from workers.domain.finding import Aspect
from workers.domain.hidden import revealed
from workers.domain.usage import Call
from workers.experts.intent_values import Intent, LookAt
from workers.llm.bounded import first

PURPOSE_MAX_CHARS = 300
LOOK_AT_MAX = 5
WHAT_MAX_CHARS = 200
MOST_MAX = 3


class Place(BaseModel):
    """A file of the list, and what could go wrong there."""

    model_config = ConfigDict(frozen=True)

    path: Annotated[str, first(1_000)] = Field(description="one of the paths of the list")
    what: Annotated[str, first(1_000)] = Field(description="what could go wrong there, in one sentence")


class Guess(BaseModel):
    """What the change is for, and where to look."""

    model_config = ConfigDict(frozen=True)

    purpose: Annotated[str, first(1_000)] = Field("", description="at most 300 characters")
    look_at: Annotated[tuple[Place, ...], first(LOOK_AT_MAX)] = ()
    matters: Annotated[tuple[str, ...], first(10)] = ()
    matters_not: Annotated[tuple[str, ...], first(10)] = ()


def understood(
    guess: Guess,
    paths: Collection[str],
    aspects: Collection[Aspect],
    model: str = "",
    calls: tuple[Call, ...] = (),
    taken_out: str = "",
) -> Intent:
    """What counts of `guess`: files of `paths`, sides of `aspects`, short lines. Nobody talks security away."""
    most = tuple(_aspects(guess.matters, aspects))[:MOST_MAX]
    others = set(aspects) - {Aspect.SECURITY, *most}
    return Intent(
        purpose=_line(guess.purpose, PURPOSE_MAX_CHARS),
        look_at=tuple(_places(guess.look_at, paths)),
        most=most,
        least=tuple(_aspects(guess.matters_not, others)),
        model=model,
        calls=calls,
        taken_out=taken_out,
    )


def _places(places: Iterable[Place], paths: Collection[str]) -> Iterable[LookAt]:
    """Each file once, and only with something to say of it."""
    told: set[str] = set()
    for one in places:
        what = _line(one.what, WHAT_MAX_CHARS)
        if one.path in paths and one.path not in told and what:
            told.add(one.path)
            yield LookAt(one.path, what)


def _aspects(words: Iterable[str], known: Collection[Aspect]) -> dict[Aspect, None]:
    by_name = {aspect.value: aspect for aspect in known}
    return dict.fromkeys(by_name[name] for word in words if (name := word.strip().lower()) in by_name)


def _line(text: str, max_chars: int) -> str:
    return " ".join(revealed(text).split())[:max_chars]
