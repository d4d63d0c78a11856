"""pydantic-ai's errors as ours: a kind, whether to try again, and a sentence without anything the endpoint sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic_ai import exceptions as theirs

from workers.llm.provider import ProviderError

RETRY_AFTER_MAX_S = 86_400.0


@contextmanager
def mapped_errors(model: str) -> Iterator[None]:
    """Turn what pydantic-ai raises into ProviderError; the cause is cut off, since it holds the endpoint's text."""
    try:
        yield
    except theirs.ModelAPIError as error:
        raise _api_error(error, model) from None
    except theirs.UnexpectedModelBehavior:
        message = f"the endpoint answered for {model} with something that is no chat completion"
        raise ProviderError("unavailable", message, retryable=True, may_cost=True) from None


# The first class that fits decides, so special cases stand before their base: kind, retryable, sentence.
_KINDS: tuple[tuple[type[theirs.ModelAPIError], str, bool, str], ...] = (
    (theirs.ModelTimeoutError, "timeout", True, "{model} did not answer in time"),
    (theirs.ModelRequestTimeout, "timeout", True, "{model} did not answer in time"),
    (theirs.ModelRateLimitError, "rate limited", True, "the endpoint limits the rate of calls to {model}"),
    (
        theirs.ModelQuotaExceededError,
        "quota",
        False,
        "the account at the endpoint has no credit left for {model}",
    ),
    (
        theirs.ModelAuthenticationError,
        "unauthorised",
        False,
        "the endpoint refused the key: check the variable named by QUORUM_MODEL_API_KEY_ENV",
    ),
    (
        theirs.ModelNotFoundError,
        "not found",
        False,
        "the endpoint knows no model {model}: check QUORUM_MODEL and QUORUM_MODEL_BASE_URL",
    ),
    (
        theirs.ModelContextWindowExceededError,
        "context too long",
        False,
        "the prompt is longer than the window of {model}: lower QUORUM_MODEL_CONTEXT_TOKENS",
    ),
    (theirs.ModelRequestRejectedError, "refused", False, "the endpoint refused the request to {model}"),
    (theirs.ModelUnavailableError, "unavailable", True, "the endpoint is not available for {model}"),
    (theirs.ModelServerError, "unavailable", True, "the endpoint failed while serving {model}"),
    (theirs.ModelConnectionError, "unavailable", True, "the connection to the endpoint of {model} failed"),
)


def _api_error(error: theirs.ModelAPIError, model: str) -> ProviderError:
    fallback = ("unavailable", False, "the endpoint gave {model}'s call an answer that is no result")
    kind, retryable, sentence = next(
        ((kind, retry, text) for family, kind, retry, text in _KINDS if isinstance(error, family)), fallback
    )
    status = f" (HTTP {error.status_code})" if isinstance(error, theirs.ModelHTTPError) else ""
    return ProviderError(
        kind,
        sentence.format(model=model) + status,
        retryable=retryable,
        retry_after_s=_retry_after_s(error),
        may_cost=_sent(error),
    )


def _retry_after_s(error: theirs.ModelAPIError) -> float | None:
    wait = error.retry_after
    return None if wait is None else min(max(0.0, wait), RETRY_AFTER_MAX_S)


def _sent(error: theirs.ModelAPIError) -> bool:
    """Whether the endpoint had the request and its answer was lost: such calls may be billed."""
    if isinstance(error, theirs.ModelConnectionError):
        return error.phase not in ("pool", "connect")
    return isinstance(error, theirs.ModelRequestTimeout)
