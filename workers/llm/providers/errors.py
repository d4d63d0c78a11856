"""pydantic-ai's errors as ours: a kind, whether to try again, and a sentence without anything the endpoint sent."""

from __future__ import annotations

from dataclasses import dataclass

import httpx2
from pydantic_ai import exceptions as theirs

from workers.llm.provider import ProviderError
from workers.llm.providers.dialect import Target

RETRY_AFTER_MAX_S = 86_400.0
BODY_MAX_CHARS = 10_000  # of an error's body that is looked through

# An endpoint that answers nonsense derails the SDKs in their own ways: they trust the shape of what they read.
DERAILED = (
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    LookupError,
    ArithmeticError,
    RecursionError,
    ExceptionGroup,
)
FAILURES = (theirs.AgentRunError, theirs.UserError, httpx2.HTTPError, httpx2.InvalidURL, OSError, *DERAILED)


@dataclass(frozen=True, slots=True)
class _Verdict:
    kind: str
    retryable: bool
    sentence: str
    may_cost: bool = False


_TIMEOUT = _Verdict("timeout", True, "{model} did not answer in time", may_cost=True)
_LIMITED = _Verdict("rate limited", True, "the endpoint limits the rate of calls to {model}")
_QUOTA = _Verdict("quota", False, "the account at the endpoint has no credit left for {model}")
_KEY = _Verdict("unauthorised", False, "the endpoint refused the key: check {key}")
_UNKNOWN = _Verdict("not found", False, "the endpoint knows no model {model}: check {address}")
_TOO_LONG = _Verdict("context too long", False, "the prompt is longer than the window of {model}: {window}")
_REFUSED = _Verdict("refused", False, "the endpoint refused the request to {model}")
_AWAY = _Verdict("unavailable", True, "the endpoint is not available for {model}")
_BROKEN = _Verdict("unavailable", True, "the endpoint failed while serving {model}")
_CUT = _Verdict("unavailable", True, "the connection to the endpoint of {model} failed")
_NONSENSE = _Verdict(
    "unavailable",
    True,
    "the endpoint answered for {model} with something that is no chat completion",
    may_cost=True,
)
_NO_RESULT = _Verdict("unavailable", False, "the endpoint gave {model}'s call an answer that is no result")
_UNFIT = _Verdict("refused", False, "{model} can't be asked in this way: check its output mode")

# Statuses that pydantic-ai leaves without a category, or in one that says too little.
_STATUSES = {408: _TIMEOUT, 409: _AWAY, 413: _TOO_LONG, 425: _AWAY, 504: _TIMEOUT, 524: _TIMEOUT, 529: _AWAY}

# A rejected request whose reason stands only in its text, as several servers word it.
_WORDS = (
    ("usage limits", _QUOTA),
    ("credit balance", _QUOTA),
    ("insufficient balance", _QUOTA),
    ("prompt is too long", _TOO_LONG),
    ("input is too long", _TOO_LONG),
    ("exceed context limit", _TOO_LONG),
    ("context length", _TOO_LONG),
    ("context window", _TOO_LONG),
    ("context size", _TOO_LONG),
    ("maximum number of tokens", _TOO_LONG),
    ("payload size exceeds", _TOO_LONG),
    ("not a valid model", _UNKNOWN),
)

# The first class that fits decides, so special cases stand before their base.
_FAMILIES: tuple[tuple[type[Exception], _Verdict], ...] = (
    (theirs.ModelTimeoutError, _TIMEOUT),
    (theirs.ModelRequestTimeout, _TIMEOUT),
    (TimeoutError, _TIMEOUT),
    (theirs.ModelRateLimitError, _LIMITED),
    (theirs.ModelQuotaExceededError, _QUOTA),
    (theirs.ModelAuthenticationError, _KEY),
    (theirs.ModelNotFoundError, _UNKNOWN),
    (theirs.ModelContextWindowExceededError, _TOO_LONG),
    (theirs.ModelRequestRejectedError, _REFUSED),
    (theirs.ModelUnavailableError, _AWAY),
    (theirs.ModelServerError, _BROKEN),
    (theirs.ModelConnectionError, _CUT),
    (theirs.ModelHTTPError, _NO_RESULT),
    (theirs.ModelAPIError, _NONSENSE),
    (theirs.UserError, _UNFIT),
    (httpx2.InvalidURL, _UNKNOWN),
    (httpx2.HTTPError, _CUT),
    (OSError, _CUT),
)


def provider_error(error: Exception, target: Target) -> ProviderError:
    """What went wrong in a call of `target`, in our words only: bodies of errors repeat prompts and keys."""
    verdict = _verdict(error)
    status = f" (HTTP {error.status_code})" if isinstance(error, theirs.ModelHTTPError) else ""
    advice = target.advice
    sentence = verdict.sentence.format(
        model=target.model, key=advice.key, address=advice.address, window=advice.window
    )
    return ProviderError(
        verdict.kind,
        sentence + status,
        retryable=verdict.retryable,
        retry_after_s=_retry_after_s(error),
        may_cost=_may_cost(error, verdict),
    )


def _verdict(error: Exception) -> _Verdict:
    if isinstance(error, theirs.ModelHTTPError) and error.status_code in _STATUSES:
        return _STATUSES[error.status_code]
    if _redirected(error):
        return _NO_RESULT
    family = next((verdict for one, verdict in _FAMILIES if isinstance(error, one)), _NONSENSE)
    if family is _REFUSED and isinstance(error, theirs.ModelAPIError):
        said = str(error.body)[:BODY_MAX_CHARS].lower()
        return next((verdict for words, verdict in _WORDS if words in said), _REFUSED)
    return family


def _redirected(error: Exception) -> bool:
    """Whether the endpoint sent us elsewhere; pydantic-ai keeps such a status in the cause only."""
    cause = error.__cause__
    status = getattr(cause, "status_code", getattr(cause, "code", None))
    return isinstance(status, int) and 300 <= status < 400


def _retry_after_s(error: Exception) -> float | None:
    wait = error.retry_after if isinstance(error, theirs.ModelAPIError) else None
    return None if wait is None else min(max(0.0, wait), RETRY_AFTER_MAX_S)


def _may_cost(error: Exception, verdict: _Verdict) -> bool:
    """Whether the endpoint may have had the request and its answer was lost: such calls may be billed."""
    if isinstance(error, theirs.ModelConnectionError):
        return error.phase not in ("pool", "connect")
    return verdict.may_cost
