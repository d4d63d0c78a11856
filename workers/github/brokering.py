"""The side of those who ask the broker: where it is, what they ask it for, and that it may be away."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from pydantic import BaseModel

from workers.domain.errors import RateLimitedError
from workers.github.calls import Call, Lost, Reply
from workers.github.rest import RestClient
from workers.github.retry import Decision, GiveUp, RetryPolicy, Tries

BROKER_URL = "http://broker"
"""Its name in URLs; the socket decides who it is."""
AWAY_S = 5.0


class BrokerAwayError(RateLimitedError):
    """Nobody mints tokens just now. Work waits as it does for a rate limit: for any time, and no attempt is counted."""


@dataclass(frozen=True, slots=True)
class BrokerPolicy(RetryPolicy):
    """The policy for GitHub, through a broker: while nobody listens there, all that needs it waits, tried no further."""

    def decide(
        self, outcome: Reply | Lost, call: Call, tries: Tries, *, now_s: float, chance: float
    ) -> Decision:
        """See `RetryPolicy.decide`."""
        if isinstance(outcome, Lost) and not outcome.sent:
            sentence = f"{call}: the broker can't be reached ({outcome.reason})."
            return GiveUp(BrokerAwayError(sentence, retry_after_s=AWAY_S))
        return RetryPolicy.decide(self, outcome, call, tries, now_s=now_s, chance=chance)

    @classmethod
    def like(cls, policy: RetryPolicy | None) -> BrokerPolicy:
        """As patient as `policy`."""
        return cls(**asdict(policy or RetryPolicy()))


class NoCredentials:
    """The broker knows its clients by their socket, and signs by itself."""

    async def authorization(self) -> str:
        """Nothing that opens anything."""
        return "none"

    async def refused(self, authorization: str, date: str) -> None:
        """Nothing is kept, so there is nothing to forget."""


class _Secret(BaseModel):
    secret: str


class BrokeredSecrets:
    """Secrets that the broker derives, asked for once each."""

    def __init__(self, broker: RestClient) -> None:
        self._broker = broker
        self._kept: dict[str, bytes] = {}

    async def derive(self, purpose: str) -> bytes:
        """The secret for `purpose`."""
        if purpose not in self._kept:
            told = _Secret.model_validate(await self._broker.get(f"/broker/secrets/{purpose}"))
            self._kept[purpose] = bytes.fromhex(told.secret)
        return self._kept[purpose]
