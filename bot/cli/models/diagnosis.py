"""What a probe's end means for the operator, and what to do about it. No word of an endpoint is repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.cli.models.rows import Row
from bot.cli.models.values import address
from config.catalogue_access import AUTO, CONFIGURED
from config.settings import Settings

ADVICE: Mapping[str, str] = {
    "unauthorised": "{key} was refused: it is wrong, revoked or not allowed to use this model; make a new one",
    "not found": "{provider} knows no model `{id}`: correct `id` in the catalogue, or QUORUM_MODEL",
    "quota": "the account at {provider} has no credit or quota left: top it up",
    "rate limited": "{provider} has had too many requests of this key: try later, or lower its `limits`",
    "timeout": "no answer within 10 s: see whether {provider} is overloaded or the model still loading",
    "unavailable": "{address} can't be reached or fails: correct the address, or start the server",
    "invalid answer": "it answers, but no JSON when asked in the mode `{mode}`: try another `output_mode`",
    "refused": "the question was refused, or no client can be made: check the address and {key}",
    "context too long": "not even the smallest question fits: the server's window is set far too small",
}
OTHER = "it failed for another reason ({kind})"
KIND_MAX_CHARS = 40


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One model: `seconds` of a usable answer (None: there was none), what keeps it from use, and what to know."""

    model: str
    ok: bool
    seconds: float | None
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    def told(self) -> Iterator[tuple[str, str]]:
        """Each problem and note, with what it is."""
        yield from (("wrong", problem) for problem in self.problems)
        yield from (("note", note) for note in self.notes)


def asked_for(row: Row, settings: Settings) -> bool:
    """Whether the operator means to use it: it may be asked, or its provider is named and something is missing."""
    named = {name.strip() for name in settings.providers.split(",")} - {AUTO}
    return not row.obstacle or row.model.provider in named


def unasked(row: Row, settings: Settings) -> Diagnosis:
    """It can't even be asked: a key or an address is missing."""
    return _diagnosis(row, settings, None, (f"{row.access.obstacle}: {row.model.provider} can't be asked",))


def without_asking(row: Row, settings: Settings) -> Diagnosis:
    """What is known before anybody asks: its key, its address, its price."""
    return _diagnosis(row, settings, None, ()) if row.access.usable else unasked(row, settings)


def answered(row: Row, settings: Settings, outcome: float | str) -> Diagnosis:
    """`outcome`: the seconds that the answer took, or the kind of the failure."""
    if isinstance(outcome, str):
        return _diagnosis(row, settings, None, (_advice(row, outcome),))
    return _diagnosis(row, settings, outcome, ())


def _diagnosis(row: Row, settings: Settings, seconds: float | None, problems: tuple[str, ...]) -> Diagnosis:
    problems, notes = (*problems, *_price_problem(row, settings)), tuple(_notes(row, settings))
    return Diagnosis(row.model.name, not problems, seconds, problems, notes)


def _advice(row: Row, kind: str) -> str:
    provider = row.access.spec
    return ADVICE.get(kind, OTHER).format(
        kind=kind[:KIND_MAX_CHARS],
        key=f"the key in {provider.api_key_env}" if provider.api_key_env else "the missing key",
        provider=provider.name,
        id=row.model.remote_id,
        address=address(provider.base_url) or "its address",
        mode=row.model.output_mode,
    )


def _price_problem(row: Row, settings: Settings) -> Iterator[str]:
    if row.price is None and _budgeted(settings) and not settings.allow_unknown_prices:
        yield (
            "its price is unknown, and with a budget it is never asked: state `price` in the catalogue, "
            "or set QUORUM_ALLOW_UNKNOWN_PRICES"
        )


def _notes(row: Row, settings: Settings) -> Iterator[str]:
    if row.price is None and (not _budgeted(settings) or settings.allow_unknown_prices):
        yield "its price is unknown: no budget holds for it; state `price` in the catalogue"
    if row.model.provider == CONFIGURED and "model_context_tokens" not in settings.model_fields_set:
        tokens = row.model.context_tokens
        yield f"its window is unknown: {tokens:,} tokens are assumed; set QUORUM_MODEL_CONTEXT_TOKENS"
    if row.obstacle and row.access.usable:
        yield f"reviews don't use it: {row.obstacle}"


def _budgeted(settings: Settings) -> bool:
    limits = (value for name, value in settings if name.startswith("budget_"))
    return any(limit is not None for limit in limits)
