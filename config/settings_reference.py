"""The tables of `docs/settings.md`, made from the settings."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, SecretStr

from config.pages import table
from config.settings import GROUPS

_HEAD = ("Variable", "Default", "Meaning")


def settings_text() -> str:
    """A table of each group of settings, under its heading."""
    return (
        "\n\n".join(f"### {title}\n\n{table(_HEAD, _rows(group))}" for title, group in GROUPS.items()) + "\n"
    )


def _rows(group: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    for name, field in group.model_fields.items():
        yield f"`QUORUM_{name.upper()}`", _default(field.default), field.description or ""


def _default(value: object) -> str:
    """As one would write it into the variable; nothing for what is empty."""
    if isinstance(value, SecretStr) or value in (None, ""):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"
