"""Text of `.github/quorum.yml` → RepositoryConfig, or every mistake with its line, column, key and fix."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from config.errors import ConfigError, Problem
from config.explain import explain
from config.layers import Layer, Source
from config.repository import RepositoryConfig
from config.yaml_tree import Tree, YamlProblem, read_tree

CONFIG_MAX_BYTES = 64 * 1024
PROBLEMS_MAX = 50

_OTHER_ENCODINGS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


def load(text: str | bytes, origin: str) -> RepositoryConfig:
    """Parse and validate `text`; an empty file means the defaults. `origin` names the file in errors.

    Raises ConfigError with every problem found, in the order of the file, PROBLEMS_MAX at most.
    """
    return _read(text, origin)[0]


def load_layer(text: str | bytes, source: Source, origin: str) -> Layer:
    """The same, but only what stands in the file, to be laid over other layers. Raises ConfigError."""
    return Layer(source, origin, _read(text, origin)[1])


def _read(text: str | bytes, origin: str) -> tuple[RepositoryConfig, dict[str, Any]]:
    tree = parsed(text, origin)
    values: Any = {} if tree.value is None else tree.value
    try:
        return RepositoryConfig.model_validate(values), values
    except ValidationError as error:
        raise refused(origin, explain(error, tree)) from None


def parsed(text: str | bytes, origin: str) -> Tree:
    """The plain values of a YAML file and their places. Raises ConfigError."""
    try:
        return read_tree(_decoded(text))
    except YamlProblem as error:
        raise ConfigError(origin, _first(error.problems)) from None


def refused(origin: str, problems: Iterable[Problem]) -> ConfigError:
    """The error that names `problems` in the order of the file, PROBLEMS_MAX at most."""
    return ConfigError(origin, _first(tuple(sorted(problems, key=lambda one: (one.line, one.column)))))


def _decoded(text: str | bytes) -> str:
    """Raises YamlProblem for what is too large, or no UTF-8."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > CONFIG_MAX_BYTES:
        message = f"the file has {len(data):,} bytes; at most {CONFIG_MAX_BYTES:,} are read."
        raise YamlProblem(Problem(0, "", message, "Shorten it."))
    if isinstance(text, str):
        return text
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        encoding = _OTHER_ENCODINGS.get(data[:2])
        what = f"it is {encoding}, not UTF-8." if encoding else "it is not UTF-8."
        line = 0 if encoding else data.count(b"\n", 0, error.start) + 1
        raise YamlProblem(Problem(line, "", f"can't be read: {what}", "Save it as UTF-8.")) from None


def _first(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    more = len(problems) - PROBLEMS_MAX
    if more <= 0:
        return problems
    return (*problems[:PROBLEMS_MAX], Problem(0, "", f"and {more:,} more."))
