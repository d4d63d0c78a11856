"""What a delivery says: its headers, its event, and the work that follows. Pure; runs in a thread for large bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from pydantic import BaseModel, ValidationError

from bot.handlers.handler import Handler, Rules
from bot.webhook.refusal import RefusedError
from workers.domain.work import Cancel, HeadAgain, Want, Wish
from workers.storage.deliveries import UNPARSED, Delivery

log = structlog.get_logger()

OTHER = "other"
"""Stands for every event without a handler, so that nobody can invent metric labels."""

Headers = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Reading:
    """A delivery worth keeping, and what it asks for; `delivery` is None when it is none of our business."""

    event: str
    delivery: Delivery | None = None
    wishes: Sequence[Wish] = ()


class Reader:
    """Reads verified deliveries by the registry's handlers."""

    def __init__(self, handlers: Mapping[str, Handler[Any]], rules: Rules) -> None:
        self._handlers = handlers
        self._rules = rules

    def read(self, headers: Headers, raw: bytes) -> Reading:
        """What this delivery says; raises RefusedError for headers that GitHub would not send to this app."""
        self._check_target(headers)
        guid = _guid(headers)
        handler = self._handlers.get(_event(headers))
        if handler is None:
            return Reading(OTHER)
        try:
            event = handler.read(raw)
        except ValidationError as error:
            return _unparsed(handler, guid, raw, _digest(headers), error)
        wishes = handler.wishes(event, self._rules)
        if not wishes:
            return Reading(handler.event)
        outcome = "wanted" if any(isinstance(wish, Want | HeadAgain | Cancel) for wish in wishes) else "noted"
        delivery = Delivery(
            guid,
            handler.event,
            event.action,
            event.installation_id,
            event.repo_id,
            outcome,
            raw,
            _digest(headers),
        )
        return Reading(handler.event, delivery, wishes)

    def _check_target(self, headers: Headers) -> None:
        # Well signed, but meant for another app: two apps share a secret or a URL. That is a mistake in the set-up,
        # not an event without interest. An error stands in GitHub's list of deliveries, where its operator looks;
        # 202 would lose every event of that app in silence.
        if not self._rules.app_id or headers.get(b"x-github-hook-installation-target-type") != b"integration":
            return
        target = headers.get(b"x-github-hook-installation-target-id", b"")
        if target != str(self._rules.app_id).encode():
            raise RefusedError(400, "wrong app", "This delivery is for another GitHub App.")


class _Action(BaseModel):
    """The least that can be read of an event of unexpected shape."""

    action: str = ""


def _event(headers: Headers) -> str:
    name = headers.get(b"x-github-event")
    if not name:
        raise RefusedError(400, "no event", "X-GitHub-Event is missing.")
    return name.decode("latin-1")


def _guid(headers: Headers) -> str:
    try:
        return str(UUID(headers.get(b"x-github-delivery", b"").decode("latin-1")))
    except ValueError:
        raise RefusedError(400, "no guid", "X-GitHub-Delivery must be a UUID.") from None


def _digest(headers: Headers) -> str:
    """The signature that was verified, without its prefix."""
    return headers.get(b"x-hub-signature-256", b"").removeprefix(b"sha256=").decode("latin-1")


def _unparsed(handler: Handler[Any], guid: str, raw: bytes, digest: str, error: ValidationError) -> Reading:
    """Keep what we should understand but don't: a 4xx would only hide it."""
    action = _action(raw)
    if action is not None and action not in handler.actions:
        return Reading(handler.event)
    # Two levels of a location are names of our own fields; a third one may be the sender's words.
    found = error.errors(include_url=False, include_context=False, include_input=False)
    problems = [(".".join(map(str, item["loc"][:2])), item["type"]) for item in found[:5]]
    log.error("webhook body of another shape", event_name=handler.event, guid=guid, problems=problems)
    delivery = Delivery(guid, handler.event, action or "", None, None, UNPARSED, raw, digest)
    return Reading(handler.event, delivery)


def _action(raw: bytes) -> str | None:
    try:
        return _Action.model_validate_json(raw).action
    except ValidationError:
        return None
