"""The App itself: the minting of tokens, and who its bot is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from workers.domain.fence import unfenced
from workers.github.calls import Call
from workers.github.rest import RestClient


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
        with unfenced():  # a token is shared by jobs
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
