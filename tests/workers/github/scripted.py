"""A GitHub that answers from a script, for behaviour that a faithful one would show too rarely; and a clock."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from config.settings import Settings
from tests.fakes.listener import listening
from workers.domain.pace import Pace
from workers.github.client import Clients, InstallationClient, open_clients
from workers.github.pacing import LocalPacing
from workers.github.permissions import REVIEW
from workers.github.timing import Timing
from workers.github.tokens import TokenCache

INSTALLATION = 7
REPOSITORY = 42
START = 1_800_000_000.0


class FakeTime:
    """A clock that only sleeping moves. `slept` lists the sleeps in seconds; `meanwhile` is done during the next one."""

    def __init__(self) -> None:
        self.at = START
        self.slept: list[float] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        self.at += seconds

    def timing(self, chance: float = 0.5) -> Timing:
        return Timing(now=lambda: self.at, sleep=self.sleep, chance=lambda: chance)


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


Answer = Response | Callable[[Seen], Response]


@dataclass
class Scripted:
    """Answers in turn to "METHOD path"; the last answer of a script is repeated. Tokens are "t1", "t2" …"""

    script: dict[str, list[Answer]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    mints: list[Seen] = field(default_factory=list)
    expires_at: str = "2027-01-15T10:00:00.123456Z"
    url: str = ""

    def on(self, call: str, *answers: Answer | Any) -> None:
        """Script `call`; plain values are answered as JSON."""
        self.script[call] = [
            one if isinstance(one, Response) or callable(one) else JSONResponse(one) for one in answers
        ]

    def calls(self, method: str) -> list[Seen]:
        """The requests of one method."""
        return [seen for seen in self.seen if seen.method == method]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        raw = await request.body()
        body = json.loads(raw) if raw else None
        seen = Seen(request.method, request.url.path, request.query_params, dict(request.headers), body)
        await self._answer(seen)(scope, receive, send)

    def _answer(self, seen: Seen) -> Response:
        if seen.path.endswith("/access_tokens") and f"{seen.method} {seen.path}" not in self.script:
            self.mints.append(seen)
            return JSONResponse({"token": f"t{len(self.mints)}", "expires_at": self.expires_at}, 201)
        self.seen.append(seen)
        answers = self.script.get(f"{seen.method} {seen.path}")
        if not answers:
            return JSONResponse({"message": "Not Found"}, 404)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, Response) else answer(seen)


@cache
def private_key() -> SecretStr:
    """An RSA key in PEM form."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SecretStr(encoded.decode())


def settings_for(url: str) -> Settings:
    """Settings of an App whose API is at `url`."""
    return Settings(app_id=99, client_id="Iv1.quorum", private_key=private_key(), github_api_url=url)


@asynccontextmanager
async def speaking_to(
    github: Scripted, time: FakeTime, *, shared: TokenCache | None = None, write_interval_s: float = 0.0
) -> AsyncIterator[Clients]:
    """Clients whose API is `github`, on loopback."""
    async with listening(github) as url:
        github.url = url
        settings = settings_for(url)
        async with open_clients(
            settings,
            shared,
            timing=time.timing(),
            pacing=LocalPacing(Pace(write_interval_s), lambda: time.at),
        ) as clients:
            yield clients


def of(clients: Clients) -> InstallationClient:
    """The client that most tests use."""
    return clients.client(INSTALLATION, REPOSITORY, REVIEW)


def error(status: int, message: str = "", **headers: str) -> Response:
    """GitHub's form of an error; `retry_after="5"` becomes the header `retry-after: 5`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse({"message": message}, status, headers=named)
