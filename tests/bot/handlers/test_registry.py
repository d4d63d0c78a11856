"""The handlers together: each event once, and none that falls over what it is sent."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from pydantic import ValidationError

from bot.handlers.registry import HANDLERS
from tests.bot.handlers.wishing import RULES
from tests.bot.payloads import EVERY

CASES = 170
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 1.5, "", "x" * 300, "\x00", "/quorum", "/quorum \u202e --a=b", [], {}, [{}], [None],
    {"id": 1}, "created", "refs/heads/main",
)  # fmt: skip


def test_every_event_is_handled_once() -> None:
    assert set(HANDLERS) == set(EVERY)
    assert all(handler.event == name for name, handler in HANDLERS.items())


def branches(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a payload as its container and its key."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    found = [(value, key) for key in keys]
    return found + [one for key in keys for one in branches(value[key])]


def mutated(name: str, seed: int) -> bytes:
    chance = random.Random(f"{name} {seed}")
    handler, payload = HANDLERS[name], json.loads(json.dumps(EVERY[name]))
    if handler.actions and name != "push":
        payload["action"] = chance.choice(sorted(handler.actions))
    places = branches(payload)
    for _ in range(chance.randint(1, 4)):
        container, key = chance.choice(places)
        container[key] = chance.choice(ODD)
    raw = json.dumps(payload).encode()
    cut = chance.randrange(len(raw)) if seed % 10 == 0 else len(raw)
    return raw[:cut]


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_a_payload_of_any_shape_is_handled_or_refused(name: str) -> None:
    """Nothing but a ValidationError, which the receiver knows, comes out of any mutation of a payload."""
    handler, read = HANDLERS[name], 0
    for seed in range(CASES):
        try:
            handler.wishes(handler.read(mutated(name, seed)), RULES)
        except ValidationError:
            continue
        read += 1
    assert read > CASES / 10


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_bytes_are_refused(name: str) -> None:
    chance = random.Random(name)
    for _ in range(CASES):
        with pytest.raises(ValidationError):
            HANDLERS[name].read(chance.randbytes(chance.randint(0, 60)))
