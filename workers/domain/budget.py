"""Money: who may spend how much in which time, what is reserved before a call, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

MICROS_PER_USD = 1_000_000
MICROS_PER_CENT = MICROS_PER_USD // 100


class Payer(StrEnum):
    """Whose money it is; a limit may stand on each."""

    OPERATOR = "operator"
    INSTALLATION = "installation"
    REPOSITORY = "repository"
    USER = "user"


class Period(StrEnum):
    """The time that a limit counts over. Days and months are UTC's; a call is one request."""

    CALL = "call"
    RUN = "run"
    DAY = "day"
    MONTH = "month"

    def label(self, now: float) -> str:
        """ "2026-11-21" or "2026-11" at `now` (epoch seconds); "" for calls and runs."""
        moment = datetime.fromtimestamp(now, UTC)
        if self is Period.DAY:
            return moment.strftime("%Y-%m-%d")
        return moment.strftime("%Y-%m") if self is Period.MONTH else ""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `micros` (millionths of a US dollar) in `period` for `payer`; `origin` says who has set it."""

    payer: Payer
    period: Period
    micros: int
    origin: str = "operator"


@dataclass(frozen=True, slots=True)
class Spender:
    """In whose names a run spends. `user_id` 0: nobody asked for it, an event did."""

    installation_id: int
    repo_id: int
    run: str
    user_id: int = 0

    def id_of(self, payer: Payer) -> int:
        """The payer's numeric id; the operator is 0."""
        ids = {
            Payer.OPERATOR: 0,
            Payer.INSTALLATION: self.installation_id,
            Payer.REPOSITORY: self.repo_id,
            Payer.USER: self.user_id,
        }
        return ids[payer]


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money put aside before a call: settled with what it cost, or given back. `id` is unique."""

    id: str
    spender: Spender
    micros: int
    at: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """No money: `limit` would be exceeded; `left_micros` is what it has left, reservations taken off."""

    limit: Limit
    left_micros: int

    def __str__(self) -> str:
        """As it is said to people."""
        left, whole = self.left_micros / MICROS_PER_USD, self.limit.micros / MICROS_PER_USD
        each = {Period.CALL: "a call", Period.RUN: "a run", Period.DAY: "a day", Period.MONTH: "a month"}
        cents = 4 if self.limit.micros % MICROS_PER_CENT else 2  # a budget below a cent is not $0.00
        return (
            f"the {self.limit.payer}'s budget of ${whole:,.{cents}f} {each[self.limit.period]} "
            f"has ${max(0.0, left):,.4f} left ({self.limit.origin})"
        )


class BudgetAwayError(Exception):
    """Neither the counters nor the ledger can be read: nothing is spent."""
