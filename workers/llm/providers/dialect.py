"""What one wire format has to bring: the libraries it needs and how a model of it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models import Model

    from workers.llm.providers.batching import Batches

NO_KEY = "none"  # the SDKs insist on some key, local servers take any


@dataclass(frozen=True, slots=True)
class Advice:
    """Where the operator has to look when a call can't succeed."""

    key: str
    address: str
    window: str


@dataclass(frozen=True, slots=True)
class Target:
    """One model at one address. `referer` and `title` are told to OpenRouter."""

    model: str
    base_url: str
    key: SecretStr
    advice: Advice
    referer: str = ""
    title: str = ""

    def secret(self) -> str:
        """The key as it is sent."""
        return self.key.get_secret_value() or NO_KEY


def never(model: str) -> bool:
    """For endpoints that cache by themselves: a common beginning is enough."""
    return False


@dataclass(frozen=True, slots=True)
class Dialect:
    """`open_model` may only be called once `libraries` are imported. `marks_prefix` says of a model whether its provider
    caches a prefix only where the request marks its end; `open_batches` is None where there are no batches. `read`
    makes of a plain answer's body what pydantic-ai would; None: it isn't plain, and for the SDK to judge.
    """

    libraries: tuple[str, ...]
    open_model: Callable[[Target, httpx2.AsyncClient], Model]
    marks_prefix: Callable[[str], bool] = never
    open_batches: Callable[[Target, httpx2.AsyncClient], Batches] | None = None
    batch_libraries: tuple[str, ...] = ()
    read: Callable[[bytes], ModelResponse | None] | None = None
