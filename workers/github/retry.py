"""What to do about an answer of GitHub's: pure decisions; see GitHub's "best practices" and rate limit pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workers.domain.errors import RateLimitedError, TransientError
from workers.github.calls import Call, Lost, Reply
from workers.github.errors import (
    NotFoundError,
    PermissionMissingError,
    RefusedError,
    UnknownOutcomeError,
    UnprocessableError,
)
from workers.github.http_date import seconds_left

SECONDARY = ("secondary rate", "abuse detection")
INTEGRATION = "not accessible by integration"
SUSPENDED = "has been suspended"


@dataclass(frozen=True, slots=True)
class Accept:
    """The answer is good."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Send it again after `seconds`; `limited`: and until then nothing else of the same owner either."""

    seconds: float
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Renew:
    """Drop the credentials that were refused at `date`, by GitHub's clock, and send it again with new ones."""

    date: str = ""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Raise `error`."""

    error: Exception


Decision = Accept | Wait | Renew | GiveUp


@dataclass(frozen=True, slots=True)
class Tries:
    """What happened before: `attempt` counts from 1, `streak` is how many secondary limits in a row we met."""

    attempt: int = 1
    renewed: bool = False
    streak: int = 0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Bounds of patience. A wait above `wait_max_s` ends the job and parks the installation instead."""

    retries_max: int = 3
    backoff_s: float = 0.5
    backoff_max_s: float = 8.0
    wait_max_s: float = 10.0
    secondary_wait_s: float = 60.0
    secondary_doublings_max: int = 4
    reset_jitter_s: float = 5.0

    def decide(
        self, outcome: Reply | Lost, call: Call, tries: Tries, *, now_s: float, chance: float
    ) -> Decision:
        """Judge one outcome. `now_s` is epoch seconds, `chance` a random number in [0, 1)."""
        if isinstance(outcome, Lost):
            return self._on_lost(outcome, call, tries, chance)
        if outcome.status >= 500:
            return self._on_lost(Lost(f"status {outcome.status}", sent=True), call, tries, chance)
        if outcome.status in (403, 429):
            return self._on_refusal(outcome, call, tries, now_s, chance)
        if outcome.status == 401:
            return self._on_unauthorised(outcome, call, tries)
        if outcome.status >= 300:
            return GiveUp(refusal(outcome, call))
        return self._on_success(outcome, call, now_s, chance)

    def _on_lost(self, lost: Lost, call: Call, tries: Tries, chance: float) -> Decision:
        if lost.sent and not call.repeatable:
            return GiveUp(
                UnknownOutcomeError(f"{call}: the answer was lost ({lost.reason}); it may have happened.")
            )
        if tries.attempt > self.retries_max:
            return GiveUp(
                TransientError(f"{call}: no usable answer in {tries.attempt} attempts ({lost.reason}).")
            )
        return Wait(chance * min(self.backoff_max_s, self.backoff_s * 2**tries.attempt))

    def _on_unauthorised(self, reply: Reply, call: Call, tries: Tries) -> Decision:
        if not tries.renewed:
            return Renew(reply.headers.get("date", ""))
        sentence = f"{call}: GitHub refused new credentials too (401 {reply.message})."
        return GiveUp(TransientError(sentence, retry_after_s=self.wait_max_s))

    def _on_refusal(self, reply: Reply, call: Call, tries: Tries, now_s: float, chance: float) -> Decision:
        wait_s = self._limit_wait_s(reply, tries, now_s, chance)
        if wait_s is None:
            return GiveUp(_put_off(call) if SUSPENDED in reply.message else refusal(reply, call))
        if wait_s <= self.wait_max_s and tries.attempt <= self.retries_max:
            return Wait(wait_s, limited=True)
        return GiveUp(_limited(call, wait_s, reply.message))

    def _limit_wait_s(self, reply: Reply, tries: Tries, now_s: float, chance: float) -> float | None:
        """Seconds to wait if the refusal is a rate limit, in the order in which GitHub says to look; else None."""
        named = _number(reply.headers.get("retry-after"))
        if named is not None:
            return max(named, 1.0)
        if reply.headers.get("x-ratelimit-remaining") == "0":
            return self._until_reset_s(reply, now_s, chance)
        if is_secondary(reply):
            return self.secondary_wait_s * 2.0 ** min(tries.streak, self.secondary_doublings_max)
        return self.secondary_wait_s if reply.status == 429 else None

    def _until_reset_s(self, reply: Reply, now_s: float, chance: float) -> float:
        reset_s = _number(reply.headers.get("x-ratelimit-reset"))
        if reset_s is None:
            return self.secondary_wait_s
        left_s = seconds_left(reset_s, reply.headers.get("date", ""), now_s)
        return left_s + 1.0 + chance * self.reset_jitter_s

    def _on_success(self, reply: Reply, call: Call, now_s: float, chance: float) -> Decision:
        if not call.path.endswith("graphql") or not _graphql_limited(reply):
            return Accept()
        exhausted = reply.headers.get("x-ratelimit-remaining") == "0"
        wait_s = self._until_reset_s(reply, now_s, chance) if exhausted else self.secondary_wait_s
        return GiveUp(_limited(call, wait_s, "GraphQL rate limit"))


def is_secondary(reply: Reply) -> bool:
    """Whether GitHub's message speaks of its secondary limits; there may be no header that says so."""
    text = reply.message.lower()
    return any(word in text for word in SECONDARY)


def refusal(reply: Reply, call: Call) -> RefusedError:
    """The error for an answer that will be the same the next time."""
    message = reply.message
    sentence = f"{call}: GitHub answered {reply.status} {message}".rstrip(". ") + "."
    if reply.status in (404, 410):
        return NotFoundError(sentence, status=reply.status)
    if reply.status == 422:
        return UnprocessableError(f"{sentence} {'; '.join(_errors(reply))}".rstrip(), errors=_errors(reply))
    if reply.status == 403 and INTEGRATION in message:
        permission = reply.headers.get("x-accepted-github-permissions", "")
        needed = f"permission `{permission}`" if permission else "a permission"
        advice = (
            f"The installation lacks {needed}: its owner can grant it in the App's installation settings."
        )
        return PermissionMissingError(f"{sentence} {advice}", status=403, permission=permission)
    return RefusedError(sentence, status=reply.status)


def _put_off(call: Call) -> TransientError:
    """An owner who suspends the app takes nothing back that was wanted: it is done once they let us in again."""
    return TransientError(f"{call}: the installation is suspended.")


def _limited(call: Call, wait_s: float, message: str) -> RateLimitedError:
    sentence = f"{call}: GitHub asks to wait {wait_s:.0f} s ({message or 'rate limit'})."
    return RateLimitedError(sentence, retry_after_s=wait_s)


def _errors(reply: Reply) -> tuple[str, ...]:
    """422 bodies hold `errors` as strings, as objects with `message`, or as resource, field and code."""
    content = reply.json() if reply.message else {}
    errors = content.get("errors")
    if not isinstance(errors, list):
        return (str(errors),) if errors else ()
    return tuple(_error_text(error) for error in errors)


def _error_text(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)
    return str(
        error.get("message") or " ".join(str(error.get(key, "")) for key in ("resource", "field", "code"))
    )


def _graphql_limited(reply: Reply) -> bool:
    try:
        content = reply.json()
    except ValueError:
        return False
    errors = content.get("errors") if isinstance(content, dict) else None
    kinds = {error.get("type") for error in errors or () if isinstance(error, dict)}
    return bool(kinds & {"RATE_LIMIT", "RATE_LIMITED"})


def _number(text: str | None) -> float | None:
    """A header's seconds; None when it is absent or no number (GitHub sends no HTTP dates here)."""
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
