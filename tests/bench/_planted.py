"""Lines with secrets, and lines that look so: templates of `tests/fixtures/twins/secrets.txt`, filled at run time."""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parents[1] / "fixtures" / "twins" / "secrets.txt"
SEED = 7
BLANK = re.compile(r"(?<!\{)\{([a-z0-9]+):([0-9]+)\}")
LETTERS = {
    "upper": string.ascii_uppercase + "234567",
    "alnum": string.ascii_letters + string.digits,
    "hex": "0123456789abcdef",
    "digit": string.digits,
    "base64": string.ascii_letters + string.digits + "+/",
    "password": string.ascii_letters + string.digits + "!#%^*_-",
}


@dataclass(frozen=True, slots=True)
class Planted:
    """One line in a file of its own."""

    is_secret: bool
    name: str
    line: str


def planted() -> tuple[Planted, ...]:
    """All lines, filled; equal in every run."""
    chance = random.Random(SEED)  # planted values, nobody's secrets
    rows = [row for row in FILE.read_text(encoding="utf-8").split("\n") if row and not row.startswith("#")]
    return tuple(_filled(number, row, chance) for number, row in enumerate(rows))


def _filled(number: int, row: str, chance: random.Random) -> Planted:
    label, name, template = row.split("|", 2)
    line = BLANK.sub(lambda blank: "".join(chance.choices(LETTERS[blank[1]], k=int(blank[2]))), template)
    return Planted(
        label == "secret", f"planted{number:02}/{name}", line.replace("{{", "{").replace("}}", "}")
    )
