"""Model servers of all four wires, a catalogue that leads to them, and what a review left in the ledger."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from config.catalogue_file import shipped_text
from tests.fakes.github import CheckRun, Pull
from tests.fakes.models import (
    Answer,
    FakeAnthropic,
    FakeGoogle,
    FakeModels,
    FakeOpenAI,
    FakeOpenRouter,
    ModelRequest,
)
from tests.journeys.shared_world import Services, commit_on, propose, shared
from tests.journeys.world import NOTHING_FOUND, World
from workers.storage.database import Database
from workers.storage.tables import metadata

KEYS = {
    "openai": ("OPENAI_API_KEY", "sk-proj-planted-openai/Zk7+Qx9=Lm2?Vt4&w"),
    "anthropic": ("ANTHROPIC_API_KEY", "sk-ant-planted-anthropic/Rb3+Np8=Hd6?Jc1&y"),
    "google": ("GEMINI_API_KEY", "AIzaPlantedGoogle/Ws5+Gf2=Ua9?Xe7&k"),
    "openrouter": ("OPENROUTER_API_KEY", "sk-or-planted-router/Ty6+Ki4=Bo3?Mq8&p"),
}
"""Provider → the variable of its key, and the key: with letters that an URL or HTML would write otherwise."""
WINDOW_TOKENS = 200_000
PLENTY = {"requests_per_minute": 6_000, "tokens_per_minute": 100_000_000, "concurrency": 8}
"""Nobody waits for a minute to be over: what the limiter holds back has tests of its own."""
TEXT = {"docs/prices.md": "# Prices\n\nPrices are gross.\n"}
"""A change that no analyser has anything to say about."""


@dataclass(frozen=True)
class Entry:
    """A model of the tests' catalogue; a price is dollars per million tokens in and out, None: unknown."""

    name: str
    provider: str
    quality: float
    usd: tuple[float, float] | None

    @property
    def row(self) -> dict[str, Any]:
        """As a catalogue file has it; every model has a family of its own, so kinship decides nothing."""
        row: dict[str, Any] = {
            "provider": self.provider,
            "family": self.name,
            "quality": self.quality,
            "strengths": ["logic"],
            "context_tokens": WINDOW_TOKENS,
        }
        return row if self.usd is None else row | {"price": {"input": self.usd[0], "output": self.usd[1]}}

    def micros(self, input_tokens: int, output_tokens: int) -> int:
        """What these tokens cost, rounded up as a bill is."""
        assert self.usd is not None
        return -int(-(input_tokens * self.usd[0] + output_tokens * self.usd[1]) // 1)


CHEAP = Entry("cheap", "openai", 6.5, (0.1, 0.4))
STRONG = Entry("strong", "anthropic", 9.5, (5.0, 25.0))
MIDDLING = Entry("middling", "google", 6.8, (2.0, 8.0))
PASSED_ON = Entry("maker/passed-on", "openrouter", 6.6, (2.0, 8.0))
WIRES = (CHEAP, STRONG, MIDDLING, PASSED_ON)
"""One model for each wire."""


@dataclass
class Fleet:
    """The four servers. A model says what `answers` has for its name, else that nothing was found."""

    servers: Mapping[str, FakeModels]
    entries: tuple[Entry, ...]
    answers: dict[str, Answer | Callable[[ModelRequest], Any]] = field(default_factory=dict)

    def asked(self, name: str) -> list[ModelRequest]:
        """The requests to a model so far."""
        return [one for server in self.servers.values() for one in server.requests if one.model == name]

    @property
    def requests(self) -> int:
        """Requests so far, to all models."""
        return sum(len(server.requests) for server in self.servers.values())

    def say(self, request: ModelRequest) -> Answer:
        """What the model that was asked says."""
        answer: Any = self.answers.get(request.model, NOTHING_FOUND)
        said: Answer = answer(request) if callable(answer) else answer
        return said

    def settings(self, folder: Path) -> dict[str, str]:
        """What an operator sets to have exactly these models asked."""
        path = folder / "catalogue.json"
        path.write_text(json.dumps(self._catalogue()), encoding="utf-8")  # JSON is YAML, and has no aliases
        keys = dict(KEYS.values())
        return {**keys, "QUORUM_PROVIDERS": ", ".join(self.servers), "QUORUM_CATALOGUE": str(path)}

    def _catalogue(self) -> dict[str, Any]:
        """The shipped providers at other addresses; the shipped models are taken out."""
        shipped = {name: {"enabled": False} for name in yaml.safe_load(shipped_text())["models"]}
        return {
            "providers": {
                name: {"base_url": server.url, "limits": PLENTY} for name, server in self.servers.items()
            },
            "models": {**shipped, **{one.name: one.row for one in self.entries}},
        }


@contextlib.asynccontextmanager
async def fleet(*more: Entry) -> AsyncIterator[Fleet]:
    """Servers that know the four models of `WIRES` and `more`."""
    entries = (*WIRES, *more)
    kinds: Mapping[str, type[FakeModels]] = {
        "openai": FakeOpenAI,
        "anthropic": FakeAnthropic,
        "google": FakeGoogle,
        "openrouter": FakeOpenRouter,
    }
    async with contextlib.AsyncExitStack() as stack:
        servers = {}
        for provider, kind in kinds.items():
            names = [one.name for one in entries if one.provider == provider]
            servers[provider] = await stack.enter_async_context(
                kind.serve(key=KEYS[provider][1], names=names)
            )
        found = Fleet(servers, entries)
        for server in servers.values():
            server.default = found.say
        yield found


@dataclass(frozen=True)
class Scene:
    """A running Quorum whose operator has configured all four wires."""

    world: World
    fleet: Fleet

    @property
    def ledger(self) -> Ledger:
        """What the running Quorum has written down."""
        return Ledger(self.world.stack.settings["QUORUM_DATABASE_URL"])

    def base(self, name: str, configuration: str) -> str:
        """A base branch with this configuration; its name."""
        commit_on(self.world, f"base-{name}", {".github/quorum.yml": configuration})
        return f"base-{name}"

    def proposed(self, name: str, configuration: str, files: Mapping[str, str] = TEXT, **how: Any) -> Pull:
        """A pull request to be reviewed under this configuration."""
        return propose(self.world, name, files, base=self.base(name, configuration), **how)

    async def reviewed(
        self, name: str, configuration: str, files: Mapping[str, str] = TEXT, **how: Any
    ) -> tuple[Pull, CheckRun]:
        """A pull request, reviewed, and its check run."""
        pull = self.proposed(name, configuration, files, **how)
        return pull, await self.world.reviewed(pull)

    async def answered_by(self, pull: Pull) -> list[tuple[str, str]]:
        """Which models were asked to judge a pull request, in order, and how it ended."""
        return [(row["model"], row["outcome"]) for row in await self.judged(pull)]

    async def judged(self, pull: Pull) -> list[dict[str, Any]]:
        """The calls that judge; who only guesses what a change is for may be any model."""
        return [row for row in await self.ledger.calls(pull.number) if not row["stage"].startswith("scope/")]


@contextlib.asynccontextmanager
async def scene_of(
    folder: Path, services: Services, *more: Entry, settings: Mapping[str, str] = {}
) -> AsyncIterator[Scene]:
    """A small repository under review, by the models of `WIRES` and `more`; unharmed in the end."""
    async with fleet(*more) as found:
        given = {**found.settings(folder), **settings}
        async with shared(folder, services, answer=None, settings=given) as world:
            yield Scene(world, found)
            found.answers.clear()


def by(name: str, *then: str) -> str:
    """A configuration that has one model asked, and these when it fails."""
    return f"orchestration: {{executors: [{{model: {name}}}], fallback: {{models: [{', '.join(then)}]}}}}\n"


@dataclass(frozen=True)
class Ledger:
    """What the database holds of models."""

    url: str

    async def calls(self, number: int = 0) -> list[dict[str, Any]]:
        """The rows of calls about a pull request (0: about all), in their order."""
        return await self._rows("call", number, "at, run, position")

    async def receipts(self, number: int = 0) -> list[dict[str, Any]]:
        """The receipts of a pull request's runs (0: of all), oldest first."""
        return await self._rows("receipt", number, "at, run")

    async def spent_micros(self) -> int:
        """The sum of all calls with a known cost."""
        return sum(row["cost_micros"] or 0 for row in await self.calls())

    async def everything(self) -> str:
        """Every value of every table, as text."""
        rows = [row for table in metadata.tables for row in await self._read(f'SELECT * FROM "{table}"')]  # noqa: S608
        return "\n".join(str(value) for row in rows for value in row.values())

    async def _rows(self, table: str, number: int, order: str) -> list[dict[str, Any]]:
        which = f"WHERE number = {number:d}" if number else ""
        return await self._read(f"SELECT * FROM {table} {which} ORDER BY {order}")  # noqa: S608 - of this file

    async def _read(self, statement: str) -> list[dict[str, Any]]:
        database = Database.connect(self.url)
        try:
            return await database.read(
                lambda conn: [dict(row) for row in conn.execute(sa.text(statement)).mappings()]
            )
        finally:
            await database.close()
