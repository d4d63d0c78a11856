"""What a payload asks for, and the place that all payloads are about."""

from __future__ import annotations

from bot.handlers.handler import Rules
from bot.handlers.registry import HANDLERS
from tests.bot.payloads import APP_ID, INSTALLATION_ID, REPO_ID, Payload, dump
from workers.domain.work import Wish, WorkKey

RULES = Rules(APP_ID, 10.0, "quorum")
KEY = WorkKey(INSTALLATION_ID, REPO_ID, 2, "review")
NAME = "octo-org/hello-world"


def wishes(event: str, payload: Payload, rules: Rules = RULES) -> tuple[Wish, ...]:
    handler = HANDLERS[event]
    return handler.wishes(handler.read(dump(payload)), rules)
