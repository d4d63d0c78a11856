"""Who may give commands, and how they are written."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from config.commands import COMMANDS, Permission
from config.rules.section import Ids, Says, Section, key


def _commands(values: dict[str, Permission]) -> dict[str, Permission]:
    unknown = next((name for name in values if name not in COMMANDS), None)
    if unknown is not None:
        raise ValueError(f"names `{unknown}`, which is no command; commands are {', '.join(COMMANDS)}")
    return values


_BY_COMMAND = Says({"propertyNames": {"enum": [*COMMANDS]}})


class CommandRules(Section):
    """Who may give commands, and how they are written."""

    bare: bool = key(
        False, "Whether commands work without the prefix too: `/review` beside `/quorum review`."
    )
    permission: Permission | None = key(
        None, "Least permission in the repository that commands need; unset: `write`, or as the command says."
    )
    permissions: Annotated[dict[str, Permission], AfterValidator(_commands), _BY_COMMAND] = key(
        dict, "The permission of single commands, e.g. `{pause: maintain}`."
    )
    bots: Ids = key((), "Numeric user ids of bots that may give commands, with the same permission.")

    def needed(self, command: str) -> Permission:
        """The permission that `command` needs."""
        return self.permissions.get(command) or self.permission or COMMANDS[command].permission
