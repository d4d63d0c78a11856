"""Ids and file names that stay the same as long as what they name is called the same, and never meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from workers.domain.hidden import revealed

PLAIN = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*")
UNSAFE = re.compile(r"[\[\]()#<>`\n\t]+")
ODD = re.compile(r"[^A-Za-z0-9_]+")
HASH_CHARS = 6
SLUG_MAX_CHARS = 120


@dataclass(frozen=True, slots=True)
class Name:
    """How a module is called: `title` is its path without suffix where that tells it apart, `slug` begins its ids."""

    title: str
    slug: str


def slug_of(name: str) -> str:
    """`name` in letters, digits, "_" and "-"; two names that differ have two slugs."""
    slug = ODD.sub("-", name).strip("-")[:SLUG_MAX_CHARS]
    if PLAIN.fullmatch(name) and len(name) <= SLUG_MAX_CHARS:
        return slug
    return f"{slug}-{_hash(name)}".lstrip("-")


def names(paths: Sequence[str]) -> Mapping[str, Name]:
    """Path → Name. Where two files differ by their suffix only, it belongs to the title; what is still the same to a
    file system or a page link gets a number of its own."""
    stems = {path: str(PurePosixPath(path).with_suffix("")) for path in paths}
    counts = Counter(stems.values())
    titles = _apart({path: safe(path if counts[stem] > 1 else stem) for path, stem in stems.items()})
    slugs = _apart({path: ODD.sub("-", title).strip("-")[:SLUG_MAX_CHARS] for path, title in titles.items()})
    return {path: Name(titles[path], slugs[path]) for path in paths}


def _apart(called: Mapping[str, str]) -> Mapping[str, str]:
    """Names of which no two are the same in one folder, in capitals or not."""
    counts = Counter(_folded(name) for name in called.values())
    return {
        path: name if name and counts[_folded(name)] == 1 else f"{name}-{_hash(path)}".lstrip("-")
        for path, name in called.items()
    }


def _folded(name: str) -> str:
    return name.replace("/", "___").casefold()


def safe(path: str) -> str:
    """A path that ends no line, link, heading or comment that it stands in."""
    return UNSAFE.sub("_", revealed(path)).replace("--", "-_")


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:HASH_CHARS]
