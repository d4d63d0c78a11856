"""Validated answers of models, kept for a while and shared by all workers; the same question is asked once at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from workers.valkey.answers_leads import LEAD_S, Leads
from workers.valkey.away import Spare

PREFIX = "quorum:answer:{answers}:"  # one hash tag: a cluster keeps answers and their books on one server
ENTRIES_MAX = 20_000
TOTAL_MAX_BYTES = 64 * 1024 * 1024
POLL_FIRST_S, POLL_MAX_S, POLL_GROWTH = 0.02, 0.25, 1.5
"""Waiting asks again and again: unlike a subscription it misses nothing, and a call takes seconds anyway."""

_BOOKS = [f"{PREFIX}used", f"{PREFIX}sizes", f"{PREFIX}bytes"]
_VALUE, _LEAD = f"{PREFIX}value:", f"{PREFIX}lead:"
_FOLDER = Path(__file__).parent / "scripts"
_TAKE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
return redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0
"""
_KEEP_ON = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
_GIVE_UP = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


@dataclass(frozen=True, slots=True)
class KeptLimits:
    """How long an answer is kept (0: not at all), how large one may be, and how much there may be in all."""

    ttl_s: float
    answer_max_bytes: int
    entries_max: int = ENTRIES_MAX
    total_max_bytes: int = TOTAL_MAX_BYTES


class ValkeyAnswers:
    """Implements `workers.llm.ports.Answers`. `me` names this process and nobody else; `clock` is monotonic.

    What is longest unused goes first when there is too much. While Valkey is away nothing is kept and everybody leads:
    calls cost more then, and work goes on. Keys are hashes: they and what is kept are all that Valkey sees.
    `may_be_kept` says no to an answer that holds what must not lie about.
    """

    def __init__(
        self,
        redis: Redis,
        limits: KeptLimits,
        *,
        me: str,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        may_be_kept: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._redis = redis
        self._limits = limits
        self._me = me
        self._clock = clock
        self._sleep = sleep
        self._may_be_kept = may_be_kept
        self._spare = Spare("answers", clock)
        self._get = redis.register_script((_FOLDER / "answer_get.lua").read_text(encoding="utf-8"))
        self._put = redis.register_script((_FOLDER / "answer_put.lua").read_text(encoding="utf-8"))
        self._take = redis.register_script(_TAKE)
        self._keep_on = redis.register_script(_KEEP_ON)
        self._give_up = redis.register_script(_GIVE_UP)
        self._leads = Leads(self._lead_on, clock, sleep)

    async def get(self, key: str) -> str | None:
        """The answer kept under `key`, as JSON. Whoever uses it validates it once more: others can write to Valkey."""
        if self._limits.ttl_s <= 0:
            return None
        return await self._spare.either(lambda: self._found(key), _no_answer)

    async def lead(self, key: str, seconds: float) -> bool:
        """Whether the caller is the one to ask (for at most `seconds`); others wait for its answer.

        Nobody leads when the answer is there: it came after the caller had looked, and `wait` has it at once.
        """
        if self._limits.ttl_s <= 0:
            return True
        taken = await self._spare.either(
            lambda: self._take(keys=[_VALUE + key, _LEAD + key], args=[self._me, _ms(min(seconds, LEAD_S))]),
            _yes,
        )
        if taken:
            self._leads.add(key, seconds)
        return bool(taken)

    async def _lead_on(self, key: str, seconds: float) -> None:
        args: list[str | int] = [self._me, _ms(seconds)]
        await self._spare.either(lambda: self._keep_on(keys=[_LEAD + key], args=args), _nothing)

    async def wait(self, key: str, seconds: float) -> str | None:
        """The leader's answer, or None when there is none within `seconds` or nobody leads any more."""
        end, pause_s = self._clock() + seconds, POLL_FIRST_S
        while True:
            text, led = await self._spare.either(lambda: self._look(key), _nobody)
            left_s = end - self._clock()
            if text is not None or not led or left_s <= 0:
                return text
            await self._sleep(min(pause_s, left_s))
            pause_s = min(POLL_MAX_S, pause_s * POLL_GROWTH)

    async def put(self, key: str, text: str) -> None:
        """Keep an answer for who waits and who asks later; one that is too large, or may not be kept, only ends the
        lead.
        """
        kept = _encoded(text) if self._may_be_kept(text) else None
        if kept is None or len(kept) > self._limits.answer_max_bytes or self._limits.ttl_s <= 0:
            await self.give_up(key)
            return
        self._leads.drop(key)  # the script does so, too: nothing is renewed that is over
        bounds = (self._limits.entries_max, self._limits.total_max_bytes)
        life_ms = max(1, round(self._limits.ttl_s * 1_000))
        await self._spare.either(
            lambda: self._put(
                keys=[*_BOOKS, _VALUE + key, _LEAD + key],
                args=[key, kept, life_ms, *bounds, self._me, _VALUE],
            ),
            _nothing,
        )

    async def give_up(self, key: str) -> None:
        """The leader got no answer: somebody else may lead."""
        self._leads.drop(key)
        await self._spare.either(lambda: self._give_up(keys=[_LEAD + key], args=[self._me]), _nothing)

    async def _found(self, key: str) -> str | None:
        return _text(await self._get(keys=[*_BOOKS, _VALUE + key], args=[key]))

    async def _look(self, key: str) -> tuple[str | None, bool]:
        """The answer, if it is there, and whether somebody leads; read together, so that none is missed between."""
        value, leader = await self._redis.mget(_VALUE + key, _LEAD + key)
        return _text(value), leader is not None


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1_000))


def _encoded(text: str) -> bytes | None:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def _text(value: bytes | str | None) -> str | None:
    """What a client gave us, decoded already or not; None for what was never ours."""
    try:
        return value.decode() if isinstance(value, bytes) else value
    except UnicodeDecodeError:
        return None


async def _no_answer() -> None:
    return None


async def _nobody() -> tuple[None, bool]:
    return None, False


async def _yes() -> bool:
    return True


async def _nothing() -> None:
    return None
