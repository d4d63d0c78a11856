"""What the operator lays over every repository's configuration: overrides, limits and allow lists, from QUORUM_*."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from config.errors import ConfigError, Problem
from config.explain import explain, nearest
from config.leaves import LEAVES, LeafPath, bare, nest
from config.repository import RepositoryConfig
from config.settings import Settings
from config.yaml_tree import Tree, YamlProblem, dotted, read_tree

ORIGIN = "environment"
VALUE_MAX_CHARS = 8_192
ALLOWED_KEY_ENVS = "QUORUM_ALLOWED_KEY_ENVS"
ALLOWED_BASE_URLS = "QUORUM_ALLOWED_BASE_URLS"
TIER: LeafPath = ("orchestration", "tier")
MODEL_API_KEY = "QUORUM_MODEL_API_KEY"
MODEL_API_KEY_ENV = "QUORUM_MODEL_API_KEY_ENV"


@dataclass(frozen=True, slots=True)
class Ruled:
    """A value that the operator has set, and the variable that says so."""

    variable: str
    value: Any


@dataclass(frozen=True, slots=True)
class OperatorRules:
    """What the operator has decided for all repositories; without arguments: nothing overridden, nothing allowed."""

    overrides: Mapping[LeafPath, Ruled] = field(default_factory=dict)
    limits: Mapping[LeafPath, Ruled] = field(default_factory=dict)
    allowed_key_envs: frozenset[str] = frozenset()
    allowed_base_urls: frozenset[str] = frozenset()

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> OperatorRules:
        """Read the variables; empty ones are as good as unset. Raises ConfigError that names each unusable one."""
        problems: list[Problem] = []
        rules = cls(
            _ruled(environ, override_names(), problems),
            _ruled(environ, limit_names(), problems),
            _names(environ.get(ALLOWED_KEY_ENVS, "")),
            _names(environ.get(ALLOWED_BASE_URLS, "")),
        )
        if problems:
            raise ConfigError(ORIGIN, tuple(problems))
        return rules


@cache
def override_names() -> Mapping[str, LeafPath]:
    """Each variable that overrides a key, long forms first; keys of `orchestration` have a short form too."""
    long = {_variable("QUORUM", path): path for path in LEAVES}
    taken = {f"QUORUM_{name.upper()}" for name in Settings.model_fields}
    short = {
        name: path
        for path in LEAVES
        if path[0] == "orchestration" and len(path) == len(TIER)
        if (name := _variable("QUORUM", path[1:])) not in taken | long.keys()
    }
    return MappingProxyType(long | short)


@cache
def limit_names() -> Mapping[str, LeafPath]:
    """Each variable that caps a key: numbers, and the tier."""
    capped = {
        _variable("QUORUM_LIMIT", path): path
        for path, one in LEAVES.items()
        if bare(one.annotation) in (int, float) or path == TIER
    }
    return MappingProxyType(capped)


def unknown_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each QUORUM_* variable that means nothing to us; values are never shown."""
    known = _known_names(environ)
    return tuple(
        f"`{name}` is no variable of Quorum. {_nearest_variable(name, known)}".rstrip()
        for name in sorted(environ)
        if name.startswith("QUORUM_") and name not in known
    )


def _known_names(environ: Mapping[str, str]) -> frozenset[str]:
    settings = [f"QUORUM_{name.upper()}" for name in Settings.model_fields]
    key = environ.get(MODEL_API_KEY_ENV, "") or MODEL_API_KEY
    files = [f"{name}_FILE" for name in settings]
    lists = (key, ALLOWED_KEY_ENVS, ALLOWED_BASE_URLS)
    allowed = _names(environ.get(ALLOWED_KEY_ENVS, ""))
    return frozenset((*settings, *files, *override_names(), *limit_names(), *lists, *allowed))


def _nearest_variable(name: str, known: frozenset[str]) -> str:
    by_lower = {one.lower(): one for one in sorted(known)}
    said = nearest(name, list(by_lower))
    for lower, one in by_lower.items():
        if said == f"Did you mean `{lower}`?":
            return f"Did you mean `{one}`?"
    return ""


def _variable(prefix: str, path: LeafPath) -> str:
    return "_".join((prefix, *path)).upper()


def _names(text: str) -> frozenset[str]:
    return frozenset(one.strip() for one in text.split(",") if one.strip())


def _ruled(
    environ: Mapping[str, str], names: Mapping[str, LeafPath], problems: list[Problem]
) -> Mapping[LeafPath, Ruled]:
    found: dict[LeafPath, Ruled] = {}
    for variable, path in names.items():
        if variable not in environ or not (text := environ[variable].strip()):
            continue
        if path in found:
            problems.append(Problem(0, variable, f"says the same as {found[path].variable}.", "Keep one."))
            continue
        try:
            value = _checked(path, _parsed(path, text))
        except YamlProblem as error:
            problems.extend(_renamed(error.problems, path, variable))
        else:
            found.update({} if value is None else {path: Ruled(variable, value)})
    return found


def _renamed(found: tuple[Problem, ...], path: LeafPath, variable: str) -> Iterator[Problem]:
    for one in found:
        yield Problem(0, variable + one.key.removeprefix(dotted(path)), one.message, one.fix)


def _checked(path: LeafPath, value: Any) -> Any:
    """The value as the schema takes it. Raises YamlProblem."""
    if value is None:
        return None
    try:
        RepositoryConfig.model_validate(nest({path: value}))
    except ValidationError as error:
        raise YamlProblem(*explain(error, Tree())) from None
    return value


def _parsed(path: LeafPath, text: str) -> Any:
    """`text` as YAML, or as its words where a text or a list of texts is wanted. Raises YamlProblem."""
    if len(text) > VALUE_MAX_CHARS:
        raise YamlProblem(Problem(0, "", f"has more than {VALUE_MAX_CHARS:,} characters."))
    wanted = bare(LEAVES[path].annotation)
    if _is_text(wanted):
        return text
    if get_origin(wanted) is not tuple:
        return read_tree(text).value
    if text.startswith("["):
        return read_tree(text).value
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if _is_text(bare(get_args(wanted)[0])):
        return tuple(parts)
    return tuple(read_tree(part).value for part in parts)


def _is_text(wanted: Any) -> bool:
    return wanted is str or get_origin(wanted) is Literal
