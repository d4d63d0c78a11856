"""Who may in: whoever has the operator's token; and whoever tries too often without it is not listened to for a while."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable, Mapping

import structlog
from pydantic import SecretStr

from bot.admin.problem import ProblemError

log = structlog.get_logger()

FAILURES_MAX = 10
WINDOW_S = 60.0
ADDRESSES_MAX = 1024
SCHEME = b"bearer "


class Guard:
    """Compares tokens in constant time. `clock` gives seconds.

    An address with 10 failures in a minute is refused until the minute is over, also with the right token: else
    guessing could go on. Others, and so the operator, are not shut out by it.
    """

    def __init__(self, token: SecretStr, clock: Callable[[], float]) -> None:
        self._digest = _digest(token.get_secret_value().encode())
        self._clock = clock
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def admit(self, address: str, headers: Mapping[bytes, bytes]) -> None:
        """Return for the operator; raises ProblemError with 401 or 429 for anybody else."""
        began_at, count = self._failures.get(address, (self._clock(), 0))
        wait_s = began_at + WINDOW_S - self._clock()
        if count >= FAILURES_MAX and wait_s > 0:
            retry = {"retry-after": str(int(wait_s) + 1)}
            raise ProblemError(429, "Too many attempts without the right token; wait.", headers=retry)
        if not self._right(headers.get(b"authorization", b"")):
            self._failed(address, *((began_at, count) if wait_s > 0 else (self._clock(), 0)))
            challenge = {"www-authenticate": 'Bearer realm="quorum"'}
            message = "Send the operator's token: `Authorization: Bearer …` with QUORUM_ADMIN_TOKEN."
            raise ProblemError(401, message, headers=challenge)

    def _right(self, header: bytes) -> bool:
        given = header[len(SCHEME) :].strip() if header[: len(SCHEME)].lower() == SCHEME else b""
        return hmac.compare_digest(_digest(given), self._digest)

    def _failed(self, address: str, began_at: float, count: int) -> None:
        self._failures[address] = began_at, count + 1
        self._failures.move_to_end(address)
        if len(self._failures) > ADDRESSES_MAX:
            self._failures.popitem(last=False)
        log.warning("wrong token at the operator's interface", address=address, failures=count + 1)


def _digest(value: bytes) -> bytes:
    """Of equal length for all values: comparing tells nothing of the token's."""
    return hashlib.sha256(value).digest()
