"""The prompts of `workers/prompts/*.md`: a version line, a rule, then text with named placeholders."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from string import Template

_FORM = re.compile(r"\Aversion: (?P<version>\S+)\n---\n(?P<text>.*)\Z", re.DOTALL)
KEPT_MAX = 256
"""A review asks for the same few dozens of times."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template and its version; `$name` is a placeholder, `$$` a dollar sign."""

    name: str
    version: str
    text: str = field(repr=False)

    def fill(self, **values: str) -> str:
        """The text with every placeholder filled. Values are inserted as they are; KeyError names a missing one."""
        return Template(self.text).substitute(values).rstrip("\n")


@lru_cache(maxsize=KEPT_MAX)
def load(name: str) -> Prompt:
    """The prompt in `workers/prompts/<name>.md`; ValueError when it has no version line."""
    found = _FORM.match((files("workers.prompts") / f"{name}.md").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f'workers/prompts/{name}.md: must begin with "version: NAME/N" and a line "---"')
    return Prompt(name, found["version"], found["text"])
