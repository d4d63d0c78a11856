"""Tables in the documents say what the registries say."""

from __future__ import annotations

import re

from bot.handlers.registry import HANDLERS
from config.commands import COMMANDS
from config.pending import PENDING
from tests.docs.reading import table


def test_every_command_is_in_the_guide() -> None:
    """Usage, meaning, permission and what it waits for, in the order of the help."""
    assert list(table("maintaining.md", "commands")) == [
        (
            f"`{spec.usage}`",
            spec.summary,
            f"`{spec.permission}`",
            PENDING[spec.pending] if spec.pending else "",
        )
        for spec in COMMANDS.values()
    ]


def test_every_event_is_in_the_operators_page() -> None:
    """Each with the actions that anything follows from; "any" for an event without actions."""
    shown = {
        event: set(re.findall(r"`(\w+)`", actions)) for event, actions, _ in table("operating.md", "events")
    }
    assert shown == {
        f"`{name}`": {action for action in handler.actions if action} for name, handler in HANDLERS.items()
    }
