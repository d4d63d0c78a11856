"""Labels of a pull request. GitHub wants `issues: write` or `pull_requests: write` for each of these calls."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from pydantic import BaseModel, TypeAdapter

from config.labels import Label
from workers.github.calls import Call
from workers.github.errors import NotFoundError, UnprocessableError
from workers.github.rest import RestClient

LABELS_MAX = 100
"""More GitHub lets nobody put on one pull request."""


class _Label(BaseModel):
    name: str


_LABELS = TypeAdapter(list[_Label])


async def read_labels(client: RestClient, full_name: str, number: int) -> Sequence[str]:
    """The names of the labels that are on it now."""
    content = await client.get(f"/repos/{full_name}/issues/{number}/labels", {"per_page": LABELS_MAX})
    return [label.name for label in _LABELS.validate_python(content)]


async def add_label(client: RestClient, full_name: str, number: int, label: Label) -> None:
    """Put `label` on it, made with its colour first where the repository has none of that name.

    One that is there already stays, so that a lost answer is no reason for doubt.
    """
    await _exist(client, full_name, label)
    await client.send(
        Call("POST", f"/repos/{full_name}/issues/{number}/labels", json={"labels": [label.name]})
    )


async def remove_label(client: RestClient, full_name: str, number: int, name: str) -> None:
    """Take a label off; one that is gone is no error."""
    try:
        await client.delete(f"/repos/{full_name}/issues/{number}/labels/{quote(name, safe='')}")
    except NotFoundError:
        return


async def _exist(client: RestClient, full_name: str, label: Label) -> None:
    """A colour that people gave it is left as it is."""
    try:
        await client.get(f"/repos/{full_name}/labels/{quote(label.name, safe='')}")
    except NotFoundError:
        body = {"name": label.name, "color": label.color, "description": label.description}
        await _create(client, full_name, body)


async def _create(client: RestClient, full_name: str, body: dict[str, str]) -> None:
    try:
        await client.send(Call("POST", f"/repos/{full_name}/labels", json=body))
    except UnprocessableError as error:
        if not any("already_exists" in one for one in error.errors):
            raise  # else somebody was quicker
