"""`.pr_agent.toml` → our file. Its keys count whatever their case."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from config.errors import ConfigError, Problem
from config.importing.building import IMPORT_MAX_BYTES, build
from config.importing.pr_agent_rules import RULES
from config.importing.result import Imported

ORIGIN = ".pr_agent.toml"

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def import_pr_agent(text: str) -> Imported:
    """What of `text` maps. Raises ConfigError when it is no TOML or too large."""
    if len(text.encode("utf-8", "surrogatepass")) > IMPORT_MAX_BYTES:
        raise ConfigError(ORIGIN, (Problem(0, "", f"has more than {IMPORT_MAX_BYTES:,} bytes."),))
    try:
        values = tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise ConfigError(ORIGIN, (Problem(0, "", "is nested too deep."),)) from None
    except ValueError as error:  # also numbers that are too long for Python
        raise ConfigError(ORIGIN, (_problem(text, str(error)),)) from None
    return build(_lowered(values), RULES, ORIGIN)


def _problem(text: str, message: str) -> Problem:
    """The line at which tomllib stopped; its last one when it says that the end came too soon."""
    place = _PLACE.search(message)
    if not place:
        return Problem(0, "", message + ".")
    line, column = place.groups()
    said = _PLACE.sub("", message) + "."
    return (
        Problem(int(line), "", said, column=int(column)) if line else Problem(text.count("\n") + 1, "", said)
    )


def _lowered(values: Mapping[str, object]) -> dict[str, object]:
    """Sections and their keys in small letters."""
    return {
        name.lower(): {key.lower(): value for key, value in section.items()}
        if isinstance(section, Mapping)
        else section
        for name, section in values.items()
    }
