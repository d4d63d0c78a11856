"""The App itself: its JWT, the minting of tokens, and who its bot is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import jwt
from jwt.algorithms import RSAAlgorithm
from pydantic import BaseModel

from workers.domain.errors import UserError
from workers.github.calls import Call
from workers.github.rest import RestClient
from workers.github.timing import Timing
from workers.github.tokens import AppIdentity

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BACKDATE_S = 60
LIFE_S = 540  # GitHub allows 600 from `iat` on its own clock


class AppCredentials:
    """A new JWT for each request: signing takes a millisecond, and none outlives its use.

    Reading the key takes thirty times that, so it is read once.
    """

    def __init__(self, identity: AppIdentity, timing: Timing) -> None:
        self._identity = identity
        self._timing = timing

    async def authorization(self) -> str:
        """The JWT; raises UserError for an unusable key, for the operator."""
        now = int(self._timing.now())
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

    async def refused(self, authorization: str) -> None:
        """Nothing is kept, so there is nothing to forget."""


@dataclass(frozen=True, slots=True)
class Bot:
    """The App's user: the author of all we write. Only this id makes a marker ours."""

    id: int
    login: str


class _App(BaseModel):
    slug: str


class _User(BaseModel):
    id: int
    login: str


class AppClient(RestClient):
    """Calls as the App: `/app` and below."""

    async def mint(self, installation_id: int, body: dict[str, Any]) -> Any:
        """Create an installation access token. A second one does no harm, so a lost answer is retried."""
        path = f"/app/installations/{installation_id}/access_tokens"
        return (await self.send(Call("POST", path, json=body))).json()


class BotIdentity:
    """Finds out once who our bot is. `GET /users` needs an installation's client: a JWT opens only `/app`."""

    def __init__(self, app: RestClient) -> None:
        self._app = app
        self._bot: Bot | None = None

    async def bot(self, client: RestClient) -> Bot:
        """The bot user of the App."""
        if self._bot is None:
            slug = _App.model_validate(await self._app.get("/app")).slug
            user = _User.model_validate(await client.get(f"/users/{quote(f'{slug}[bot]')}"))
            self._bot = Bot(user.id, user.login)
        return self._bot
