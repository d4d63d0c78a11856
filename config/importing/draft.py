"""Our file while it is made: it takes up what the schema accepts, and loads at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import ValidationError

from config.errors import ConfigError
from config.importing.result import NOTE_MAX_CHARS, Fate, clipped
from config.importing.rules import Outcome, UnusableValue
from config.importing.writing import Setting, file_text, nested
from config.keys import leaves
from config.loader import load
from config.repository import RULES_MAX, RepositoryConfig

_NOT_YET = {key.dotted: key.not_yet for key in leaves() if key.pending}


class Draft:
    """The keys taken up so far; `text` is the file with them."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.settings: dict[str, Setting] = {}
        self.text = file_text(source, {})

    def take(self, key: str, outcome: Outcome) -> Outcome:
        """Take up what `outcome` sets, and say what became of that. Raises UnusableValue when nothing could be."""
        taken: dict[str, object] = {}
        refusals: list[str] = []
        for to, value in outcome.sets.items():
            try:
                taken[to], refused = _accepted(to, value)
                self._set(to, taken[to], _origin(key, to, _all(outcome.note, refused)))
            except UnusableValue as error:
                taken.pop(to, None)
                refused = str(error)
            refusals += [refused] if refused else []
        if refusals and not taken:
            raise UnusableValue(refusals[0])
        return _said(outcome, taken, refusals)

    def _set(self, to: str, value: object, origin: str) -> None:
        """Take up one key if the file still loads with it. Raises UnusableValue."""
        before = self.settings.get(to)
        merged = _merged(to, before.value, value) if before else value
        origins = (*before.origins, origin) if before else (origin,)
        settings = {**self.settings, to: Setting(merged, origins)}
        text = file_text(self.source, settings)
        try:
            load(text, self.source)
        except ConfigError as error:
            raise UnusableValue(error.problems[0].message.rstrip(".")) from None
        self.settings, self.text = settings, text


def _merged(to: str, before: object, value: object) -> object:
    if isinstance(before, tuple) and isinstance(value, tuple) and before and value:
        return _MERGED.get(to, _joined)(before, value)
    if before != value:
        raise UnusableValue(f"`{to}` has come from another key already")
    return value


def _joined(before: tuple[object, ...], value: tuple[object, ...]) -> tuple[object, ...]:
    return (*before, *(one for one in value if one not in before))


def _both(before: tuple[object, ...], value: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(one for one in before if one in value)


_MERGED: Mapping[str, Callable[[tuple[object, ...], tuple[object, ...]], tuple[object, ...]]] = {
    "review.experts": _both  # each key takes some away
}


def _accepted(to: str, value: object) -> tuple[object, str]:
    """What of `value` the schema accepts, and why not the rest; a list is gone through entry by entry."""
    why = _refusal(to, value)
    if not why:
        return value, ""
    kept = tuple(one for one in value if not _refusal(to, (one,))) if isinstance(value, tuple) else ()
    kept = kept[:RULES_MAX]
    if not kept or _refusal(to, kept):
        raise UnusableValue(why)
    return kept, f"some left out: {why}"


def _refusal(to: str, value: object) -> str:
    try:
        RepositoryConfig.model_validate(nested({to: value}))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
        return clipped(first, NOTE_MAX_CHARS)
    return ""


def _said(outcome: Outcome, taken: Mapping[str, object], refusals: list[str]) -> Outcome:
    marks = dict.fromkeys(mark for to in taken if (mark := _not_yet(to)))
    note = " ".join(filter(None, (_all(outcome.note, *refusals), *marks)))
    return Outcome(Fate.IN_PART if refusals else outcome.fate, taken, note, outcome.to)


def _all(*notes: str) -> str:
    return "; ".join(filter(None, notes))


def _origin(key: str, to: str, note: str) -> str:
    said = f"from `{key}`: {note}" if note else f"from `{key}`"
    return f"{said} {_not_yet(to)}".rstrip()


def _not_yet(to: str) -> str:
    return next((mark for key, mark in _NOT_YET.items() if f"{to}.".startswith(f"{key}.")), "")
