"""Reading and writing the files that the command line is given."""

from __future__ import annotations

import sys
from pathlib import Path

from config.errors import ConfigError, Problem
from workers.domain.errors import UserError

FILE_MAX_BYTES = 1024 * 1024
STANDARD_INPUT = "-"


def read_bytes(name: str) -> bytes:
    """The file `name`, or the standard input for "-". Raises ConfigError when it can't be read or is beyond 1 MiB."""
    try:
        if name == STANDARD_INPUT:
            content = sys.stdin.buffer.read(FILE_MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as stream:
                content = stream.read(FILE_MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(name, f"can't be read: {error.strerror}.") from None
    if len(content) > FILE_MAX_BYTES:
        raise _unreadable(name, f"has more than {FILE_MAX_BYTES:,} bytes.")
    return content


def read_utf8(name: str) -> str:
    """The text of the file `name`. Raises ConfigError."""
    try:
        return read_bytes(name).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(name, "is not UTF-8 text.") from None


def write_new(path: Path, text: str, *, force: bool) -> None:
    """Write `text` to `path`, folders and all. Raises UserError when it exists already, unless `force`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UserError(f"{path} exists already; --force replaces it.") from None
    except OSError as error:
        raise UserError(f"Cannot write {path}: {error.strerror}.") from None


def _unreadable(name: str, why: str) -> ConfigError:
    return ConfigError(name, (Problem(0, "", why),))
