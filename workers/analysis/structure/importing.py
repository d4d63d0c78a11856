"""What other modules can import from one by name, and how its functions are called: what a change of it may break."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.structure.model import Function, Module, Parameter, Visibility

LANGUAGES = frozenset({"python", "javascript", "typescript", "tsx"})
"""Whose imports name what they take, and are followed by `analysis.imports`."""
RESTS = {"rest": "*", "keyword rest": "**"}


@dataclass(frozen=True, slots=True)
class Importable:
    """Names at a module's top; for Python's functions the parameters without a default, in their order, and all of them,
    by name, those that take what is left over as "*" and "**"."""

    names: frozenset[str]
    required: Mapping[str, tuple[str, ...]]
    accepted: Mapping[str, frozenset[str]]


def importable(module: Module) -> Importable | None:
    """None for a module that offers names which nobody can tell. Python lets others import what is private, too."""
    if module.language not in LANGUAGES or module.is_open:
        return None
    is_python = module.language == "python"
    there = [one for one in module.members if is_python or one.visibility is Visibility.PUBLIC]
    functions = {one.name: one.parameters for one in there if is_python and isinstance(one, Function)}
    return Importable(
        frozenset(one.name for one in there),
        {name: _required(each) for name, each in functions.items()},
        {name: frozenset(RESTS.get(one.kind, one.name) for one in each) for name, each in functions.items()},
    )


def mentions(text: str, name: str) -> bool:
    """Whether the name stands anywhere in the text as a word."""
    return name in text and re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text) is not None


def _required(parameters: Sequence[Parameter]) -> tuple[str, ...]:
    return tuple(one.name for one in parameters if not one.optional)
