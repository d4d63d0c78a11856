"""Bounds in the schemas of models' answers that cut instead of refusing."""

from __future__ import annotations

from typing import Any

from pydantic import BeforeValidator


def first(limit: int) -> BeforeValidator:
    """Keep the first `limit` characters of a text, or entries of a list: the rest of a good answer is worth reading."""

    def cut(value: Any) -> Any:
        return value[:limit] if isinstance(value, str | list) else value

    return BeforeValidator(cut)
