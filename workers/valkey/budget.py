"""Money over all workers: counters and leases in Valkey, rebuilt from the ledger whenever they are gone or in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from redis.asyncio import Redis

from workers.domain.budget import BudgetAwayError, Limit, Payer, Period, Refusal, Reservation, Spender
from workers.domain.errors import TransientError
from workers.domain.spend import Account, SpendLedger, account, accounts_of
from workers.valkey.budget_owed import Owed
from workers.valkey.budget_scripts import DAY_S, BudgetScripts, Reply

LEASE_S = 900.0
ATTEMPTS_MAX = 12
EXACT_ATTEMPTS_MAX = 4  # after that, a sum that may be too high is good enough
SPENDERS_MAX = 256
"""So many runs' accounts are remembered: more than are under way in one worker."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Where a run's calls of one day are counted: `caps` are the accounts with a limit, `micros` all, with or without."""

    caps: Mapping[Account, Limit]
    micros: Mapping[Account, int | None]


class ValkeyBudget:
    """A Budget. The caller writes a call's row to `ledger` before it settles: what is settled only here may be lost.

    `now` gives epoch seconds, `new_id` a unique name. A reservation that is not settled within `lease_s` is given back,
    unless it is kept.
    """

    def __init__(
        self,
        redis: Redis,
        ledger: SpendLedger,
        now: Callable[[], float],
        new_id: Callable[[], str],
        *,
        lease_s: float = LEASE_S,
    ) -> None:
        self._scripts = BudgetScripts(redis, lease_s=lease_s)
        self._ledger = ledger
        self._now = now
        self._new_id = new_id
        self._lease_s = lease_s
        self._life = ""
        self._open: dict[str, Reservation] = {}  # ours, to be put aside again in an emptied Valkey
        self._mending = asyncio.Lock()
        self._owed = Owed(self._settle, now, lease_s=lease_s)

    async def reserve(self, spender: Spender, limits: Sequence[Limit], micros: int) -> Reservation | Refusal:
        """Put `micros` aside under every limit at once, or nothing at all. Nothing is refused that costs nothing.

        Raises BudgetAwayError, but not when nothing is limited over calls: then nothing has to be counted.
        """
        if micros < 0:
            raise ValueError("A reservation can't be negative.")
        if refusal := _over_call(limits, micros):
            return refusal
        wanted = Reservation(self._new_id(), spender, micros, self._now())
        counted = _counted_at(spender, limits, wanted.at)
        try:
            return await self._hold(wanted, counted)
        except BudgetAwayError:
            if counted.caps:
                raise
            return wanted

    async def settle(self, reservation: Reservation, micros: int) -> None:
        """The call has cost `micros`; its row is in the ledger already. It counts where it was reserved.

        Harmless when repeated or late: counted twice at most until the ledger is read again, which is before anything
        is refused for it. After BudgetAwayError it is settled as soon as Valkey is back.
        """
        if micros < 0:
            raise ValueError("A call can't earn money.")
        self._open.pop(reservation.id, None)
        try:
            await self._settle(reservation, micros)
        except BudgetAwayError:
            self._owed.add(reservation, micros)
            raise

    async def _settle(self, reservation: Reservation, micros: int) -> None:
        own, later = self._accounts(reservation)
        await self._scripts.settle(reservation, micros, own, later)

    async def refund(self, reservation: Reservation) -> None:
        """The call cost nothing, which its row in the ledger says, too."""
        await self.settle(reservation, 0)

    async def keep(self, reservation: Reservation) -> None:
        """Start its lease anew, and put it aside again if it is gone. A call longer than `lease_s` wants this in time.

        A day or month that has begun since puts it aside as well: the row will be written then.
        """
        own, later = self._accounts(reservation)
        await self._scripts.restore(reservation, [*own, *later])

    async def left(self, spender: Spender, limits: Sequence[Limit]) -> int | None:
        """Micro-dollars that the tightest limit has left, at least 0; None without limits. Limits of a call don't count:
        they are never used up.
        """
        caps = _counted_at(spender, limits, self._now()).caps
        if not caps:
            return None
        state = await self._read(tuple(caps))
        return max(0, min(cap.micros - sum(state[one]) for one, cap in caps.items()))

    async def spent(self, payer: Payer, payer_id: int, period: Period) -> int:
        """Micro-dollars that `payer` has spent in the present day or month; the ledger says it when Valkey is away."""
        one = Account(payer, payer_id, period, period.label(self._now()))
        try:
            return (await self._read((one,)))[one][0]
        except BudgetAwayError:
            return (await self._sums((one,)))[0]

    def _accounts(self, reservation: Reservation) -> tuple[Sequence[Account], Sequence[Account]]:
        """Those that it was put aside in, and those of a day or month that has begun since."""
        own = _accounts_at(reservation.spender, reservation.at)
        return own, [one for one in _accounts_at(reservation.spender, self._now()) if one not in own]

    async def _hold(self, wanted: Reservation, counted: _Counted) -> Reservation | Refusal:
        accounts = tuple(counted.micros)

        async def ask(*, exact: bool) -> Reply:
            return await self._scripts.reserve(
                wanted, counted.micros, self._life, self._new_id(), exact=exact
            )

        reply = await self._answer(accounts, ask)
        if reply.word == "refused":
            place, left = map(int, reply.rest)
            return Refusal(counted.caps[accounts[place]], left)
        self._remember(wanted)
        return wanted

    async def _read(self, accounts: Sequence[Account]) -> dict[Account, tuple[int, int]]:
        """Spent and held."""

        async def ask(*, exact: bool) -> Reply:
            return await self._scripts.read(accounts, self._life, self._new_id(), exact=exact)

        values = [int(value) for value in (await self._answer(accounts, ask)).rest]
        return dict(zip(accounts, zip(values[::2], values[1::2], strict=True), strict=True))

    async def _answer(self, accounts: Sequence[Account], ask: Callable[..., Awaitable[Reply]]) -> Reply:
        """Ask until nothing is missing. One at a time mends: others find it done."""
        reply = await ask(exact=True)
        if reply.word in ("ok", "refused"):
            self._life = reply.life
            return reply
        async with self._mending:
            for attempt in range(ATTEMPTS_MAX):
                reply = await ask(exact=attempt < EXACT_ATTEMPTS_MAX)
                if reply.word in ("ok", "refused"):
                    self._life = reply.life
                    return reply
                await self._mend(accounts, reply)
        raise BudgetAwayError("The budget's counters were emptied again and again.")

    async def _mend(self, accounts: Sequence[Account], reply: Reply) -> None:
        if reply.word == "emptied":
            for held in list(self._open.values()):
                await self._scripts.restore(held, _accounts_at(held.spender, held.at))
            self._life = reply.life
            return
        tokens = reply.tokens()
        unbuilt = [accounts[place] for place in tokens]
        sums = await self._sums(unbuilt)
        await self._scripts.build(dict(zip(unbuilt, zip(tokens.values(), sums, strict=True), strict=True)))

    async def _sums(self, accounts: Sequence[Account]) -> list[int]:
        try:
            return await self._ledger.spent(accounts)
        except TransientError as error:
            raise BudgetAwayError("Neither the budget's counters nor the ledger can be read.") from error

    def _remember(self, held: Reservation) -> None:
        """Forget those whose lease has ended: their tasks were cancelled."""
        self._open[held.id] = held
        for oldest in list(self._open.values()):
            if oldest.at + self._lease_s >= held.at:
                break
            del self._open[oldest.id]


def _accounts_at(spender: Spender, now: float) -> tuple[Account, ...]:
    return _accounts_on(spender, int(now // DAY_S))


@lru_cache(maxsize=SPENDERS_MAX)
def _accounts_on(spender: Spender, day: int) -> tuple[Account, ...]:
    """They are the same all day (since the epoch), and wanted three times a call."""
    return accounts_of(spender, day * DAY_S)


def _over_call(limits: Sequence[Limit], micros: int) -> Refusal | None:
    calls = [limit for limit in limits if limit.period is Period.CALL and limit.micros < micros]
    tightest = min(calls, key=lambda limit: limit.micros, default=None)
    return Refusal(tightest, tightest.micros) if tightest else None


def _counted_at(spender: Spender, limits: Sequence[Limit], now: float) -> _Counted:
    return _counted_on(spender, tuple(limits), int(now // DAY_S))


@lru_cache(maxsize=SPENDERS_MAX)
def _counted_on(spender: Spender, limits: tuple[Limit, ...], day: int) -> _Counted:
    """All that it depends on is in its arguments; a run asks for the same with every call."""
    caps = _caps(spender, limits, day * DAY_S)
    accounts = _accounts_on(spender, day)
    return _Counted(caps, {one: caps[one].micros if one in caps else None for one in accounts})


def _caps(spender: Spender, limits: Sequence[Limit], now: float) -> dict[Account, Limit]:
    """The tightest limit of each account. Nobody's limits don't apply."""
    caps: dict[Account, Limit] = {}
    for limit in sorted(limits, key=lambda limit: limit.micros, reverse=True):
        nobody = limit.payer is Payer.USER and not spender.user_id
        if limit.period is not Period.CALL and not nobody:
            caps[account(limit.payer, spender, limit.period, now)] = limit
    return caps
