"""Texts at GitHub that are ours: the marker says which, the author's id says whose."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from workers.github.rest import RestClient
from workers.github.values import Posted

PAGES_MAX = 30


class _Author(BaseModel):
    id: int


class _Authored(BaseModel):
    id: int
    html_url: str = ""
    body: str | None = None
    user: _Author | None = None


async def find_authored(client: RestClient, path: str, marker: str, bot_id: int) -> Posted | None:
    """The first text of the list at `path` that is ours (see `own`); at most 3,000 are looked at."""
    async for page in client.pages(path, {"per_page": 100}, pages_max=PAGES_MAX):
        for item in page:
            if found := own(item, marker, bot_id):
                return found
    return None


def own(content: Any, marker: str, bot_id: int) -> Posted | None:
    """A review or comment if it holds `marker` and the bot wrote it: anybody can paste a marker."""
    text = _Authored.model_validate(content)
    ours = text.user is not None and text.user.id == bot_id and marker in (text.body or "")
    return posted(content) if ours else None


def posted(content: Any) -> Posted:
    """A review or comment as GitHub answers it."""
    text = _Authored.model_validate(content)
    return Posted(text.id, text.html_url, text.body or "")
