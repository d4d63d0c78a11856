"""A JSON document in which nothing is invisible: what a text hides is written as an escape, and means the same."""

from __future__ import annotations

import json
import re
from typing import Any

from workers.domain.hidden import HIDDEN
from workers.github.prose import ZWSP


def written(document: dict[str, Any]) -> str:
    """`document` as indented JSON with a line end; zero-width spaces, which are ours, stay."""
    return HIDDEN.sub(_escaped, json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _escaped(match: re.Match[str]) -> str:
    # outside strings JSON holds printable characters and line ends only, so what is found stands in a string
    return match[0] if match[0] == ZWSP else json.dumps(match[0])[1:-1]
