"""Slack's incoming webhook."""

from __future__ import annotations

import json
from typing import Any

import httpx
from pydantic import SecretStr

from tests.workers.notify.hooks import NOTICE, Hook
from workers.notify.notice import Notice
from workers.notify.slack import Slack, message


def blocks_of(notice: Notice) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = json.loads(json.dumps(message(notice)))["blocks"]
    return blocks


async def test_a_notice_is_posted_as_blocks(client: httpx.AsyncClient, hook: Hook) -> None:
    await Slack(client, SecretStr(hook.url)).send(NOTICE)
    (body,) = (json.loads(one) for one in hook.bodies)
    header, text, facts = body["blocks"]
    assert header["text"] == {"type": "plain_text", "text": NOTICE.subject}
    assert text["text"]["text"].startswith("Nothing stops yet.")
    assert facts["fields"][0]["text"] == "*Spent*\n$40.00"


def test_nobody_is_called_and_nothing_is_linked_by_a_strangers_words() -> None:
    assert "<" not in json.dumps(message(NOTICE))


def test_slacks_limits_are_kept() -> None:
    long = Notice("id", "s" * 500, "t" * 9_000, tuple((f"n{one}", "v" * 900) for one in range(25)))
    header, text, *sections = blocks_of(long)
    assert (len(header["text"]["text"]), len(text["text"]["text"])) == (150, 3_000)
    assert [len(one["fields"]) for one in sections] == [10, 10, 5]
    assert max(len(field["text"]) for one in sections for field in one["fields"]) <= 500


def test_the_address_is_not_in_its_repr(client: httpx.AsyncClient) -> None:
    assert "SECRET" not in repr(vars(Slack(client, SecretStr("https://hooks.test/SECRET"))))
