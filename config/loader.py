"""Text of `.github/quorum.yml` → RepositoryConfig, or every mistake with its line, key and fix."""

from __future__ import annotations

from pydantic import ValidationError

from config.errors import ConfigError, Problem
from config.explain import explain
from config.repository import RepositoryConfig
from config.yaml_tree import YamlProblem, read_tree

CONFIG_MAX_BYTES = 64 * 1024


def load(text: str, origin: str) -> RepositoryConfig:
    """Parse and validate `text`; an empty file means the defaults. `origin` names the file in errors.

    Raises ConfigError with every problem found, in the order of the file.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > CONFIG_MAX_BYTES:
        message = f"the file has {size:,} bytes; at most {CONFIG_MAX_BYTES:,} are read."
        raise ConfigError(origin, (Problem(0, "", message, "Shorten it."),))
    try:
        tree = read_tree(text.removeprefix("\ufeff"))
    except YamlProblem as error:
        raise ConfigError(origin, error.problems) from None
    try:
        return RepositoryConfig.model_validate({} if tree.value is None else tree.value)
    except ValidationError as error:
        problems = sorted(explain(error, tree), key=lambda problem: problem.line)
        raise ConfigError(origin, tuple(problems)) from None
