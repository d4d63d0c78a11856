"""`.coderabbit.yaml` → our file. The table holds every key of its published schema that we know of."""

from __future__ import annotations

from collections.abc import Mapping

from config.errors import ConfigError, Problem
from config.importing.building import IMPORT_MAX_BYTES, build
from config.importing.coderabbit_rules import RULES
from config.importing.result import Imported
from config.yaml_tree import YamlProblem, read_tree

ORIGIN = ".coderabbit.yaml"


def import_coderabbit(text: str) -> Imported:
    """What of `text` maps. Raises ConfigError when it is no YAML that we read, too large, or holds no keys."""
    if len(text.encode("utf-8", "surrogatepass")) > IMPORT_MAX_BYTES:
        raise ConfigError(ORIGIN, (Problem(0, "", f"has more than {IMPORT_MAX_BYTES:,} bytes."),))
    try:
        value = read_tree(text.removeprefix("\ufeff")).value
    except YamlProblem as error:
        raise ConfigError(ORIGIN, error.problems) from None
    if not isinstance(value, Mapping | None):
        raise ConfigError(ORIGIN, (Problem(1, "", "must hold keys, not a value."),))
    return build(value or {}, RULES, ORIGIN)
