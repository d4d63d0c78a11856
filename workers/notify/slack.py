"""Slack, by an incoming webhook."""

from __future__ import annotations

import json

import httpx
from pydantic import SecretStr

from workers.notify.notice import Notice
from workers.notify.posting import post

FACTS_MAX = 10
"""What a section takes."""
TEXT_MAX_CHARS = 3_000
HEADER_MAX_CHARS = 150
FACT_MAX_CHARS = 500


class Slack:
    """Whoever knows `url` may post there: it is never shown."""

    name = "slack"

    def __init__(self, client: httpx.AsyncClient, url: SecretStr) -> None:
        self._client = client
        self._url = url

    async def send(self, notice: Notice) -> None:
        """Post the notice; raises NotSentError."""
        await post(self._client, self._url.get_secret_value(), json.dumps(message(notice)).encode(), {})


def message(notice: Notice) -> dict[str, object]:
    """The notice in Slack's blocks; `text` is what notifications show."""
    blocks: list[dict[str, object]] = [
        {"type": "header", "text": {"type": "plain_text", "text": notice.subject[:HEADER_MAX_CHARS]}}
    ]
    if notice.text:
        blocks.append({"type": "section", "text": _marked(escaped(notice.text)[:TEXT_MAX_CHARS])})
    for start in range(0, len(notice.facts), FACTS_MAX):
        rows = notice.facts[start : start + FACTS_MAX]
        fields = [_marked(f"*{escaped(name)}*\n{escaped(value)}"[:FACT_MAX_CHARS]) for name, value in rows]
        blocks.append({"type": "section", "fields": fields})
    return {"text": escaped(notice.subject), "blocks": blocks}


def escaped(text: str) -> str:
    """Without what Slack takes for links and mentions: names of repositories are strangers' words."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _marked(text: str) -> dict[str, object]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
