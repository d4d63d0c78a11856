"""The jailed child that tries patterns: the engine holds its whole process until it is done. `python -I -m … FOLDER`.

The engine is that of `config.patterns`, which is not there to be read in a jail.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from pydantic_core import SchemaValidator, core_schema

from workers.analysis.house.protocol import NOWHERE, SOMEWHERE, WANTED

Matches = Callable[[str], bool]


def main(folder: Path) -> None:
    """Say for each text and each pattern the line that it matches."""
    wanted = WANTED.validate_json(sys.stdin.buffer.read())
    compiled = {one: _matches(one) for one in wanted.patterns}
    for name in wanted.names:
        text = (folder / name).read_bytes().decode("utf-8", "replace")
        for pattern in wanted.patterns:
            sys.stdout.write(f"{_line(text, compiled[pattern])}\n")
            sys.stdout.flush()


def _matches(pattern: str) -> Matches:
    return SchemaValidator(core_schema.str_schema(pattern=pattern)).isinstance_python


def _line(text: str, matches: Matches) -> int:
    """Looked for in each line first, so that what begins and ends a pattern means a line."""
    found = next((number for number, line in enumerate(text.split("\n"), 1) if matches(line)), NOWHERE)
    return SOMEWHERE if found == NOWHERE and matches(text) else found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
