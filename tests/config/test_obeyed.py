"""A key that nothing reads would be a lie: each one, and each setting, is looked up by some code."""

from __future__ import annotations

import re
from pathlib import Path

from config.keys import leaves
from config.settings import Settings

ROOT = Path(__file__).parents[2]
DOCSTRING = re.compile(r'""".*?"""', re.DOTALL)
NAMED = re.compile(r'"([a-z_]\w*)"')
TEXT = re.compile(r'"[^"\n]*"|#.*')
LOOKED_UP = re.compile(r"\.([a-z_]\w*)")


def looked_up() -> set[str]:
    """Attributes that code asks for, and texts that are one name: what tables look up."""
    found: set[str] = set()
    for folder in ("bot", "workers", "config"):
        for path in (ROOT / folder).rglob("*.py"):
            code = DOCSTRING.sub("", path.read_text(encoding="utf-8"))
            found |= {*NAMED.findall(code), *LOOKED_UP.findall(TEXT.sub("", code))}
    return found


def test_every_key_and_setting_is_looked_up() -> None:
    names = {key.name for key in leaves()} | set(Settings.model_fields)
    assert names - looked_up() == set()
