"""Three model families in processes of their own, and a worker's door to them over Valkey and SQLite."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from config.catalogue import Catalogue
from config.catalogue_file import load_catalogue, shipped_text
from config.settings import Settings
from tests.bench._models import models_of
from tests.bench._review_server import KEY, WIRES
from workers.bootstrap.models import RunModels

KEY_VARIABLES = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GEMINI_API_KEY",
}
WINDOW_TOKENS = 32_000
PLENTY = {"requests_per_minute": 1_000_000, "tokens_per_minute": 1_000_000_000}
"""A minute's allowance is the provider's to give; how many at once is the shipped catalogue's word."""


@dataclass(frozen=True)
class Request:
    """What a family was asked: which sort of question, and the body as it came."""

    wire: str
    kind: str
    raw: str


@dataclass(frozen=True)
class Server:
    """A family's process."""

    wire: str
    url: str
    process: Process

    @property
    def model(self) -> str:
        """Its only model."""
        return f"slow-{self.wire}"

    async def asked(self, folder: Path) -> list[Request]:
        """What it was asked since the last time, in order; `folder` is for what is handed over."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        path = folder / f"{self.wire}.json"
        self.process.stdin.write(f"{path}\n".encode())
        await self.process.stdout.readline()
        rows = json.loads(path.read_text("utf-8"))
        return [Request(self.wire, row["kind"], row["raw"]) for row in rows]


@dataclass(frozen=True)
class Council:
    """The servers, and the folder that they hand over in."""

    servers: tuple[Server, ...]
    folder: Path

    async def asked(self) -> list[Request]:
        """What all of them were asked since the last time."""
        return [one for server in self.servers for one in await server.asked(self.folder)]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[RunModels]:
        """A worker's models: these, with budgets that are never used up."""
        path = self.folder / "catalogue.json"
        path.write_text(json.dumps(self._catalogue()), encoding="utf-8")
        settings = Settings(
            providers=", ".join(one.wire for one in self.servers),
            catalogue=path,
            budget_month_usd=100_000.0,
            budget_repository_day_usd=50_000.0,
        )
        async with models_of(settings, dict.fromkeys(KEY_VARIABLES.values(), KEY)) as models:
            yield models

    def _catalogue(self) -> Mapping[str, object]:
        """The shipped providers at other addresses, with one model each."""
        shipped = {name: {"enabled": False} for name in yaml.safe_load(shipped_text())["models"]}
        limits = {one.wire: {**PLENTY, "concurrency": concurrency(one.wire)} for one in self.servers}
        return {
            "providers": {
                one.wire: {"base_url": one.url, "limits": limits[one.wire]} for one in self.servers
            },
            "models": {**shipped, **{one.model: _row(one) for one in self.servers}},
        }


def concurrency(provider: str) -> int:
    """How many calls at once the shipped catalogue allows there."""
    return _shipped().providers[provider].limits.concurrency


def _shipped() -> Catalogue:
    return load_catalogue(shipped_text(), None, "")


def _row(server: Server) -> Mapping[str, object]:
    return {
        "provider": server.wire,
        "family": server.model,
        "quality": 9.2,
        "strengths": ["logic"],
        "context_tokens": WINDOW_TOKENS,
        "price": {"input": 3.0, "output": 12.0},
    }


@asynccontextmanager
async def council() -> AsyncIterator[Council]:
    """A process for each wire; their work is not ours, so it is done elsewhere."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quorum-review-")))
        yield Council(tuple([await _server(stack, wire) for wire in WIRES]), folder)


async def _server(stack: AsyncExitStack, wire: str) -> Server:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench._review_server", wire, stdin=PIPE, stdout=PIPE
    )
    stack.push_async_callback(_ended, process)
    assert process.stdout is not None
    return Server(wire, (await process.stdout.readline()).decode().strip(), process)


async def _ended(process: Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()
