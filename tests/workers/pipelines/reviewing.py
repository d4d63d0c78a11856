"""A review of a small change by one expert, one tool and a model server on loopback."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from config.repository import RepositoryConfig
from tests.fakes.models import Answer, FakeOpenAI
from tests.workers.experts.changes import finding
from workers.analysis.source import Analysis, SourceFile
from workers.domain.change import Change, Snapshot
from workers.domain.finding import Aspect, Finding
from workers.domain.review import Review, ToolRun
from workers.domain.task import Models
from workers.experts.base import View
from workers.llm.gateway import Gateway, Limits, Surroundings
from workers.llm.prices import OperatorPrice
from workers.llm.providers.openai_compatible import OpenAICompatibleProvider
from workers.llm.retry import RetryPolicy
from workers.llm.router import Endpoint
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
        environ = {"THE_KEY": server.key}
        provider = OpenAICompatibleProvider("fake-model", server.url, api_key_env="THE_KEY", environ=environ)
        endpoint = Endpoint("fake-model", provider, OperatorPrice(1.0, 2.0), window_tokens)
        gateway = Gateway(
            endpoint,
            lambda call: None,
            limits=Limits(attempt_timeout_s),
            retry=RetryPolicy(attempts_max=2),
            surroundings=Surroundings(sleep=_at_once),
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
        change, values.pop("snapshot", Snapshot({}, complete=True)), config or RepositoryConfig()
    )
    ticks = itertools.count()
    given = {"analyse": all_ran, "experts": (ShellExpert(),), "progress": lambda sentence: None, **values}
    return await review(
        request, models=models, new_boundary=lambda: BOUNDARY, clock=lambda: float(next(ticks)), **given
    )
