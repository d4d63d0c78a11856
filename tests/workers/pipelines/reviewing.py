"""A review of a small change by one expert, one tool and a model server on loopback."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from config.catalogue import ModelSpec, PriceOverride, ProviderSpec
from config.repository import RepositoryConfig
from tests.fakes.models import Answer, FakeOpenAI
from tests.workers.experts.changes import finding
from tests.workers.llm.scripted import gateway_to
from workers.analysis.source import Analysis, SourceFile
from workers.domain.change import Change, Snapshot
from workers.domain.finding import Aspect, Finding
from workers.domain.guidelines import Guidelines
from workers.domain.review import Review, ToolRun
from workers.domain.task import Models
from workers.experts.base import View
from workers.llm.gateway import Gateway
from workers.llm.pricing import price_tag
from workers.llm.providers.registry import open_provider
from workers.llm.settling import Endpoint, Surroundings
from workers.pipelines.review import ReviewRequest, review

BOUNDARY = "4f1ce9b0undary"
TOOLS = tuple(ToolRun(tool, "ok", "jail") for tool in ("ruff", "ast-grep", "lizard", "detect-secrets"))


@dataclass(frozen=True)
class ShellExpert:
    """Finds `shell=True`, as a linter would."""

    aspect: Aspect = Aspect.SECURITY
    focus: str = "what an attacker could use."

    def worth_running(self, view: View) -> bool:
        return bool(view.sources)

    def static(self, view: View) -> tuple[Finding, ...]:
        return tuple(
            finding(path=source.path, line=number)
            for source in view.sources
            for number, line in enumerate(source.text.split("\n"), start=1)
            if "shell=True" in line
        )


async def all_ran(files: Sequence[SourceFile], snapshot: Snapshot) -> Analysis:
    """Every tool ran and saw nothing of its own."""
    return Analysis(runs=TOOLS)


@asynccontextmanager
async def model(
    *answers: Answer,
    default: Answer | None = None,
    window_tokens: int = 32_000,
    attempt_timeout_s: float = 5.0,
) -> AsyncIterator[tuple[FakeOpenAI, Gateway]]:
    """A gateway to a scripted server; waits between attempts are not waited."""
    async with FakeOpenAI.serve(*answers, default=default) as server:
        spec = ModelSpec(
            name="fake-model",
            provider="fake",
            family="fake",
            quality=6,
            context_tokens=window_tokens,
            price=PriceOverride(input=1, output=2),
        )
        where = ProviderSpec(name="fake", base_url=server.url)
        provider = open_provider(spec, where, server.url, SecretStr(server.key))
        gateway = gateway_to(
            Endpoint(spec, where, provider, price_tag(spec, where), "fake"),
            surroundings=Surroundings(sleep=_at_once),
            attempt_timeout_s=attempt_timeout_s,
            attempts_max=2,
            window_tokens=window_tokens,
        )
        try:
            yield server, gateway
        finally:
            await provider.close()


async def _at_once(seconds: float) -> None:
    return None


async def reviewed(
    change: Change, models: Models | None, *, config: RepositoryConfig | None = None, **values: Any
) -> Review:
    """The review of `change`; seconds are counted by looks at the clock."""
    request = ReviewRequest(
        change,
        values.pop("snapshot", Snapshot({}, complete=True)),
        config or RepositoryConfig(),
        guidelines=values.pop("guidelines", Guidelines()),
        records=values.pop("records", ()),
    )
    ticks = itertools.count()
    given = {"analyse": all_ran, "experts": (ShellExpert(),), "progress": lambda sentence: None, **values}
    return await review(
        request, models=models, new_boundary=lambda: BOUNDARY, clock=lambda: float(next(ticks)), **given
    )
