"""The lines between "diff --git" and the first hunk: what happened to a file, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.domain.change import FileStatus

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_TWO_QUOTED = re.compile(rf"({_QUOTED}) ({_QUOTED})\Z")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
_INDEX = re.compile(r"([0-9a-f]+)\.\.([0-9a-f]+)(?: ([0-7]{6}))?\Z")


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says. `mode` is the newest one named; `stray` the index of the first line that git doesn't write.

    `status` is None where only the hunks tell between modified and changed. `blob_sha` is the head's, as long as
    the diff abbreviates it.
    """

    path: str
    old_path: str | None
    status: FileStatus | None
    mode: str
    mode_changed: bool
    binary: bool
    blob_sha: str | None
    stray: int | None


def read_header(lines: Sequence[str]) -> Header | None:
    """The header whose first line has lost its "diff --git "; None when no line tells the name."""
    said: dict[str, str] = {}
    stray = next((i for i, line in enumerate(lines[1:], start=1) if not _take(line, said)), None)
    names = _names(lines[0], said)
    if names is None:
        return None
    old, new = names
    index = _INDEX.match(said.get("index ", ""))
    sha = index[2] if index else ""
    moved = "rename to " in said or "copy to " in said
    return Header(
        path=new,
        old_path=old if moved else None,
        status=_status(said),
        mode=_mode(said, index),
        mode_changed="new mode " in said,
        binary="Binary files " in said or "GIT binary patch" in said,
        blob_sha=sha if sha.strip("0") else None,
        stray=stray,
    )


_LINE = re.compile(
    r"(index |--- |\+\+\+ |new file mode |deleted file mode |old mode |new mode |similarity index |dissimilarity index "
    r"|rename from |rename to |copy from |copy to |Binary files |GIT binary patch)(.*)",
    re.DOTALL,
)


def _take(line: str, said: dict[str, str]) -> bool:
    """Note a header line; False for a line that git would not write there."""
    if "GIT binary patch" in said:
        return True  # its data follows up to the next file
    match = _LINE.match(line)
    if match is None:
        return False
    said[match[1]] = match[2]
    return True


def _status(said: Mapping[str, str]) -> FileStatus | None:
    if "new file mode " in said:
        return FileStatus.ADDED
    if "deleted file mode " in said:
        return FileStatus.REMOVED
    if "rename to " in said:
        return FileStatus.RENAMED
    return FileStatus.COPIED if "copy to " in said else None


def _mode(said: Mapping[str, str], index: re.Match[str] | None) -> str:
    for key in ("new file mode ", "new mode ", "deleted file mode "):
        if key in said:
            return said[key]
    return (index[3] or "") if index else ""


def _names(first: str, said: Mapping[str, str]) -> tuple[str, str] | None:
    """Old and new name: renames and copies say them whole, "---" and "+++" one a line, the first line both."""
    for key in ("rename ", "copy "):
        if f"{key}from " in said and f"{key}to " in said:
            return unquote(said[f"{key}from "]), unquote(said[f"{key}to "])
    old, new = _side(said.get("--- ")), _side(said.get("+++ "))
    if old is None and new is None:
        return _same_name(first)
    # One of the two is /dev/null for a file that came or went.
    return (old or new or ""), (new or old or "")


def _side(text: str | None) -> str | None:
    """The name on a "---" or "+++" line without "a/"; git ends one that holds a blank with a tab."""
    if text is None or text.removesuffix("\t") == "/dev/null":
        return None
    return unquote(text.removesuffix("\t"))[2:] or None


def _same_name(first: str) -> tuple[str, str] | None:
    """Both names from "a/NAME b/NAME", where NAME may itself hold " b/": the halves are equally long."""
    if quoted := _TWO_QUOTED.match(first):
        return unquote(quoted[1])[2:], unquote(quoted[2])[2:]
    half = len(first) // 2
    old, new = first[:half], first[half + 1 :]
    if first[half : half + 1] != " " or not old[2:] or old[2:] != new[2:]:
        return None
    return old[2:], new[2:]


def unquote(name: str) -> str:
    """A name as git prints it, without its C-style quotes and escapes; bytes that are not UTF-8 become surrogates."""
    if not (len(name) > 1 and name.startswith('"') and name.endswith('"')):
        return name
    raw = name[1:-1].encode("utf-8", "surrogateescape")
    return _ESCAPE.sub(_byte, raw).decode("utf-8", "surrogateescape")


def _byte(match: re.Match[bytes]) -> bytes:
    escape = match[1]
    return bytes([int(escape, 8) & 255]) if escape.isdigit() else _LETTERS.get(escape, escape)
