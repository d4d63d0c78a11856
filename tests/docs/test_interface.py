"""What the page on the operator's interface says is so."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr

from bot.admin.registry import ENDPOINTS
from bot.admin.settings import VARIABLES
from tests.docs.reading import blocks, table
from tests.workers.notify.hooks import NOTICE, hooked
from workers.notify.webhook import Webhook


def test_every_path_is_listed() -> None:
    rows = [(row.method, f"`{row.path}`", row.summary) for row in ENDPOINTS]
    assert list(table("interface.md", "endpoints")) == rows


def test_every_setting_is_listed_with_its_variable() -> None:
    rows = list(table("interface.md", "settings"))
    assert [name for name, _ in rows] == [f"`{name}`" for name in VARIABLES]
    assert all(said.startswith(f"`{VARIABLES[name.strip('`')]}`") for name, said in rows)


@pytest.mark.parametrize(("stale", "genuine"), [(0.0, True), (400.0, False)])
async def test_the_receivers_example_takes_what_is_sent_and_nothing_old_or_changed(
    stale: float, genuine: bool
) -> None:
    (code,) = (text for name, text in blocks("python") if name == "interface.md")
    names: dict[str, Callable[..., object]] = {}
    exec(code, names)  # noqa: S102 - our own document
    now = float(str(names["time"].time())) - stale  # type: ignore[attr-defined]
    async with hooked() as hook, httpx.AsyncClient(trust_env=False) as client:
        await Webhook(client, SecretStr(hook.url), SecretStr("s"), lambda: now).send(NOTICE)
    headers = httpx.Headers(hook.headers[0])
    assert names["genuine"](b"s", headers, hook.bodies[0]) is genuine
    assert names["genuine"](b"s", headers, hook.bodies[0] + b" ") is False
    assert names["genuine"](b"t", headers, hook.bodies[0]) is False
