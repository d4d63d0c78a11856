"""The budget's Lua scripts and their answers; what they keep is described in `scripts/budget.lua`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from workers.domain.budget import BudgetAwayError, Period, Reservation
from workers.domain.spend import Account

PREFIX = "{quorum:budget}:"  # one hash tag: a cluster keeps it all on one server
LEASES, LIFE = f"{PREFIX}leases", f"{PREFIX}life"
DAY_S = 86_400
KEPT_S = {Period.RUN: DAY_S, Period.DAY: 3 * DAY_S, Period.MONTH: 40 * DAY_S}
"""How long an account outlives its latest reservation: longer than its period; what is gone is read anew."""
KEYS_MAX = 1_024
"""So many sets of accounts have their keys remembered: a run has three, and writing them took as long as sending them."""
_FOLDER = Path(__file__).parent / "scripts"
_NAMES = ("reserve", "restore", "settle", "read", "build")


@dataclass(frozen=True, slots=True)
class Reply:
    """A script's answer: "ok", "emptied", "build" or "refused", the server's life, and what belongs to the word."""

    word: str
    life: str
    rest: tuple[str, ...] = ()

    def tokens(self) -> dict[int, str]:
        """Place → token of the accounts to build."""
        return dict(zip(map(int, self.rest[::2]), self.rest[1::2], strict=True))


class BudgetScripts:
    """Each method is one script, one round trip; all raise BudgetAwayError."""

    def __init__(self, redis: Redis, *, lease_s: float) -> None:
        words = (_FOLDER / "budget.lua").read_text(encoding="utf-8")
        self._scripts = {
            name: redis.register_script(words + (_FOLDER / f"budget_{name}.lua").read_text(encoding="utf-8"))
            for name in _NAMES
        }
        self._lease_s = lease_s

    async def reserve(
        self, wanted: Reservation, caps: Mapping[Account, int | None], life: str, nonce: str, *, exact: bool
    ) -> Reply:
        """Put aside in every account, under those caps (micro-dollars) that are not None."""
        words: list[str | int | float] = [wanted.id, wanted.micros, self._lease_s, life, nonce, int(exact)]
        for one, cap in caps.items():
            words += (KEPT_S[one.period], "" if cap is None else cap)
        return await self._run("reserve", list(caps), words)

    async def restore(self, held: Reservation, accounts: Sequence[Account]) -> None:
        """Put aside again, whatever the limits are."""
        ttls_s = [KEPT_S[one.period] for one in accounts]
        await self._run("restore", accounts, [held.id, held.micros, self._lease_s, *ttls_s])

    async def settle(
        self, held: Reservation, micros: int, own: Sequence[Account], later: Sequence[Account]
    ) -> None:
        """Count `micros`, and release what was held; `later`: accounts that may have to count it, too."""
        await self._run("settle", [*own, *later], [held.id, micros, len(own)])

    async def read(self, accounts: Sequence[Account], life: str, nonce: str, *, exact: bool) -> Reply:
        """What each account has spent and holds."""
        ttls_s = [KEPT_S[one.period] for one in accounts]
        return await self._run("read", accounts, [life, nonce, int(exact), *ttls_s])

    async def build(self, sums: Mapping[Account, tuple[str, int]]) -> None:
        """Put sums of the ledger in place, each with the token of its reading."""
        await self._run("build", list(sums), [word for pair in sums.values() for word in pair])

    async def _run(self, name: str, accounts: Sequence[Account], words: Sequence[str | int | float]) -> Reply:
        try:
            answer = await self._scripts[name](keys=_keys(tuple(accounts)), args=words)
        except (RedisError, OSError, TimeoutError) as error:
            raise BudgetAwayError(f"The budget's counters are away ({type(error).__name__}).") from error
        word, life, *rest = map(_text, answer)
        return Reply(word, life, tuple(rest))


@lru_cache(maxsize=KEYS_MAX)
def _keys(accounts: tuple[Account, ...]) -> tuple[str, ...]:
    return (LEASES, LIFE, *(f"{PREFIX}account:{one}" for one in accounts))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
