"""Labels: of a repository, and on its pull requests."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from tests.fakes.github.call import Answer, Call, Endpoint, page
from tests.fakes.github.errors import ApiError, invalid, not_found
from tests.fakes.github.pulls import pull_json
from tests.fakes.github.values import Pull, Repository
from tests.fakes.github.world import World

NAME_MAX = 50
DESCRIPTION_MAX = 100
PER_ISSUE_MAX = 100
GREY = "ededed"


def label_json(world: World, repository: Repository, name: str) -> dict[str, Any]:
    """A label of the repository; one that only stands on pull requests is grey."""
    kept = world.labels.get((repository.id, name.lower()), {})
    shown = kept.get("name", name)
    url = f"{world.url}/repos/{repository.full_name}/labels/{quote(shown, safe='')}"
    number = repository.id * 1_000 + sum(map(ord, shown)) % 1_000
    fixed = {"default": False, "archived_at": None, "archived_by": None}
    return {
        "id": number,
        "node_id": f"LA_{number}",
        "url": url,
        "name": shown,
        "color": kept.get("color", GREY),
        "description": kept.get("description"),
        **fixed,
    }


def _exists(world: World, repository: Repository, name: str) -> bool:
    pulls = (pull for pull in world.pulls.values() if pull.repository is repository)
    on_pulls = {label.lower() for pull in pulls for label in pull.labels}
    return (repository.id, name.lower()) in world.labels or name.lower() in on_pulls


def _checked(call: Call) -> dict[str, str]:
    name, color = call.required("name", str), call.optional("color", str) or GREY
    description = call.optional("description", str) or ""
    if not name.strip() or len(name) > NAME_MAX:
        raise invalid("Label", "name")
    if not re.fullmatch(r"[0-9a-fA-F]{6}", color):
        raise invalid("Label", "color")
    if len(description) > DESCRIPTION_MAX:
        raise invalid("Label", "description")
    return {"name": name, "color": color, "description": description}


async def create_label(call: Call) -> Answer:
    """POST labels: no two of one name, whatever the case."""
    wanted, key = _checked(call), (call.repository.id, call.required("name", str).lower())
    if _exists(call.world, call.repository, wanted["name"]):
        raise invalid("Label", "name", "already_exists")
    call.world.labels[key] = wanted
    return Answer(label_json(call.world, call.repository, wanted["name"]), 201)


async def get_label(call: Call) -> Answer:
    """GET labels/{name}."""
    if not _exists(call.world, call.repository, call.params["name"]):
        raise not_found()
    return Answer(label_json(call.world, call.repository, call.params["name"]))


async def list_on(call: Call) -> Answer:
    """GET issues/{number}/labels."""
    return page(call, call.pull.labels, lambda one: label_json(call.world, call.repository, one))


async def add_on(call: Call) -> Answer:
    """POST issues/{number}/labels: to those that are there; unknown ones are made, in grey."""
    world, pull = call.world, call.pull
    names = [str(one) for one in call.required("labels", list)]
    if any(not name.strip() or len(name) > NAME_MAX for name in names):
        raise invalid("Label", "name")
    present = {name.lower() for name in pull.labels}
    fresh = [name for name in dict.fromkeys(names) if name.lower() not in present]
    if len(pull.labels) + len(fresh) > PER_ISSUE_MAX:
        raise invalid("Issue", "labels", "custom", "There can be no more than 100 labels on an issue.")
    for name in fresh:
        world.labels.setdefault((call.repository.id, name.lower()), {"name": name, "color": GREY})
        pull.labels = (*pull.labels, label_json(world, call.repository, name)["name"])
        _tell(world, pull, "labeled", name)
    return await list_on(call)


async def remove_from(call: Call) -> Answer:
    """DELETE issues/{number}/labels/{name}."""
    pull, wanted = call.pull, call.params["name"].lower()
    if wanted not in {name.lower() for name in pull.labels}:
        raise ApiError(404, "Label does not exist")
    pull.labels = tuple(name for name in pull.labels if name.lower() != wanted)
    _tell(call.world, pull, "unlabeled", call.params["name"])
    return await list_on(call)


def _tell(world: World, pull: Pull, action: str, name: str) -> None:
    fields = {
        "number": pull.number,
        "pull_request": pull_json(world, pull),
        "label": label_json(world, pull.repository, name),
    }
    world.emit("pull_request", action, pull.repository, fields, world.bot)
    world.happened(f"pull_request.{action}", pull)


_READ = (("issues", "read"), ("pull_requests", "read"))
_WRITE = (("issues", "write"), ("pull_requests", "write"))
_REPO, _ISSUE = "/repos/{owner}/{repo}/labels", "/repos/{owner}/{repo}/issues/{number}/labels"
ROUTES = (
    Endpoint("POST", _REPO, create_label, "Label", _WRITE, content=True),
    Endpoint("GET", _REPO + "/{name}", get_label, "Label", _READ),
    Endpoint("GET", _ISSUE, list_on, "[Label]", _READ),
    Endpoint("POST", _ISSUE, add_on, "[Label]", _WRITE, content=True),
    Endpoint("DELETE", _ISSUE + "/{name}", remove_from, "[Label]", _WRITE),
)
