"""What a kind of task asks of a model."""

from __future__ import annotations

from collections.abc import Mapping

from config.catalogue import Strength

_BY_NAME: Mapping[str, tuple[Strength, ...]] = {
    "security": ("security",),
    "dependency": ("security",),
    "quality": ("logic",),
    "performance": ("performance",),
    "architecture": ("architecture",),
    "architect": ("architecture",),
    "deployment": ("architecture",),
    "business": ("summarising",),
    "testing": ("test_design",),
    "test": ("test_design",),
    "tests": ("test_design",),
    "documentation": ("documentation",),
    "docs": ("documentation",),
    "style": ("instruction_following",),
    "review": ("logic",),
    "improve": ("logic",),
    "walkthrough": ("summarising",),
    "describe": ("summarising",),
    "summary": ("summarising",),
    "aggregate": ("summarising",),
    "scope": ("instruction_following",),
    "validate": ("logic", "instruction_following"),
    "refute": ("logic",),
    "answer": ("instruction_following",),
}


def strengths_of(kind: str) -> tuple[Strength, ...]:
    """The strengths that a task of `kind` wants, any of which will do: by its last known word ("review/security")."""
    for word in reversed(kind.lower().split("/")):
        if word in _BY_NAME:
            return _BY_NAME[word]
    return ()
