"""What only who holds the App's private key can make: its JWT, and secrets derived from the key."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING, cast

import jwt
import structlog
from jwt.algorithms import RSAAlgorithm

from workers.domain.errors import UserError
from workers.github.http_date import epoch_s
from workers.github.timing import Timing
from workers.github.tokens import AppIdentity

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BACKDATE_S = 60
LIFE_S = 540  # GitHub allows 600 from `iat` on its own clock

OFF_MIN_S = 5.0
"""An answer's date is of whole seconds, and it was under way."""
OFF_MAX_S = 900.0
"""Nothing is signed for a time further away than that, whoever names it."""

log = structlog.get_logger(__name__)

Derive = Callable[[str], Awaitable[bytes]]
"""A purpose → the secret for it."""


class AppCredentials:
    """A new JWT for each request: signing takes a millisecond, and none outlives its use.

    Reading the key takes thirty times that, so it is read once. Where this machine's clock is off, it is signed by
    GitHub's, as its last refusal told it.
    """

    def __init__(self, identity: AppIdentity, timing: Timing) -> None:
        self._identity = identity
        self._timing = timing
        self._behind_s = 0.0

    async def authorization(self) -> str:
        """The JWT; raises UserError for an unusable key, for the operator."""
        now = int(self._timing.now() + self._behind_s)
        issuer = self._identity.client_id or str(self._identity.app_id)
        claims = {"iat": now - BACKDATE_S, "exp": now - BACKDATE_S + LIFE_S, "iss": issuer}
        try:
            token = jwt.encode(claims, self._key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            raise UserError(
                f"The App's private key can't sign ({type(error).__name__}): QUORUM_PRIVATE_KEY must be its PEM file."
            ) from None
        return f"Bearer {token}"

    @cached_property
    def _key(self) -> RSAPrivateKey:
        pem = self._identity.private_key.get_secret_value()
        return cast("RSAPrivateKey", RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(pem))

    async def refused(self, authorization: str, date: str) -> None:
        """Sign by GitHub's clock from now on, if `date` (of its answer) tells that ours is off by minutes."""
        theirs = epoch_s(date)
        if theirs is None:
            return
        behind_s = theirs - self._timing.now()
        if abs(behind_s) > OFF_MAX_S:
            log.error(
                "this machine's clock is off: GitHub refuses the App until it is set",
                ahead_s=-round(behind_s),
            )
            return
        self._behind_s = behind_s if abs(behind_s) > OFF_MIN_S else 0.0
        if self._behind_s:
            log.warning("this machine's clock is off: the App signs by GitHub's", ahead_s=-round(behind_s))


class DerivedSecrets:
    """Secrets for one purpose each (32 bytes), the same as long as the key is; none tells the key or another."""

    def __init__(self, identity: AppIdentity) -> None:
        self._identity = identity

    async def derive(self, purpose: str) -> bytes:
        """The secret for `purpose`."""
        return hashlib.sha256(f"{purpose} {self._identity.private_key.get_secret_value()}".encode()).digest()
