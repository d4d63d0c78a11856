"""The locks: what is installed, and by which hashes it is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==(\S+)(?: ; (.+))?")


@dataclass(frozen=True, slots=True)
class Pin:
    """One release. `marker` says where it is installed, "" for everywhere; `hashes` are SHA-256, in hex."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def pins(text: str) -> Sequence[Pin]:
    """Every line of a lock, understood; raises ValueError for one that pins nothing."""
    return [
        _pin(line) for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")
    ]


def _pin(line: str) -> Pin:
    pinned, *hashes = line.split(" --hash=sha256:")
    found = _PIN.fullmatch(" ".join(pinned.split()))
    if not found:
        raise ValueError(f"pins nothing: {line[:80]}")
    return Pin(found[1], found[2], found[3] or "", tuple(one.strip() for one in hashes))
