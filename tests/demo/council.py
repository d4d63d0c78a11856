"""Three scripted models of three families on three wires, and the operator's catalogue that leads to them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from config.catalogue_file import shipped_text
from tests.demo.stand_in import DISCOUNT, INJECTION, INVENTED, UNBOUNDED, refuting
from tests.fakes.models import Answer, FakeAnthropic, FakeGoogle, FakeModels, FakeOpenAI, ModelRequest

CONTEXT_TOKENS = 200_000
PROVIDERS: Mapping[str, tuple[type[FakeModels], str]] = {
    "openai": (FakeOpenAI, "OPENAI_API_KEY"),
    "anthropic": (FakeAnthropic, "ANTHROPIC_API_KEY"),
    "google": (FakeGoogle, "GEMINI_API_KEY"),
}
"""Provider → its wire, and the variable of its key."""
NAMES = {"openai": "stand-in-a", "anthropic": "stand-in-b", "google": "stand-in-c"}
SEEN: Mapping[str, tuple[dict[str, Any], ...]] = {
    "stand-in-a": (INJECTION, DISCOUNT, INVENTED),
    "stand-in-b": (
        INJECTION
        | {
            "title": "Caller's text reaches SQL",
            "description": "The query holds the address as it came: SQL injection.",
        },
        DISCOUNT
        | {
            "title": "Wrong divisor",
            "description": "`percent` counts hundredths; dividing by 10 is ten times too much.",
        },
        UNBOUNDED,
    ),
}
"""What each sees: two agree twice; one invents a line, one is wrong and is refuted. The third only checks claims."""


def say(request: ModelRequest) -> Answer:
    """The answer to a question of any kind: what for, findings from a side, verdicts on claims."""
    if "You plan the review" in request.raw:
        return json.dumps(
            {"purpose": "Exports orders for the accountant and notifies customers.", "matters": ["security"]}
        )
    if "You check claims" in request.raw:
        return json.dumps(refuting(request.raw))
    asked = [one for one in SEEN.get(request.model, ()) if f'- \\"{one["aspect"]}\\"' in request.raw]
    return json.dumps({"findings": asked})


@contextlib.asynccontextmanager
async def council(folder: Path) -> AsyncIterator[Mapping[str, str]]:
    """The three servers; yields the settings of an operator who has exactly these models asked."""
    async with contextlib.AsyncExitStack() as stack:
        servers = {
            name: await stack.enter_async_context(kind.serve(names=[NAMES[name]], default=say))
            for name, (kind, _) in PROVIDERS.items()
        }
        path = folder / "catalogue.json"
        path.write_text(json.dumps(_catalogue(servers)), encoding="utf-8")  # JSON is YAML
        keys = {variable: servers[name].key for name, (_, variable) in PROVIDERS.items()}
        yield {**keys, "QUORUM_PROVIDERS": ", ".join(servers), "QUORUM_CATALOGUE": str(path)}


def _catalogue(servers: Mapping[str, FakeModels]) -> dict[str, Any]:
    """The shipped providers at the servers' addresses, and three models in place of the shipped ones."""
    shipped = {name: {"enabled": False} for name in yaml.safe_load(shipped_text())["models"]}
    ours = {
        NAMES[name]: {
            "provider": name,
            "family": NAMES[name],
            "quality": 9.0,
            "context_tokens": CONTEXT_TOKENS,
            "price": {"input": 1.0, "output": 4.0},
        }
        for name in servers
    }
    return {
        "providers": {name: {"base_url": server.url} for name, server in servers.items()},
        "models": {**shipped, **ours},
    }
