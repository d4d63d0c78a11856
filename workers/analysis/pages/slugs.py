"""Ids and file names that stay the same as long as what they name is called the same, and never meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

PLAIN = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*")
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
    """Path → Name. Where two files differ by their suffix only, it belongs to the title."""
    stems = {path: str(PurePosixPath(path).with_suffix("")) for path in paths}
    titles = Counter(stems.values())
    titled = {path: path if titles[stem] > 1 else stem for path, stem in stems.items()}
    slugs = {path: ODD.sub("-", title).strip("-")[:SLUG_MAX_CHARS] for path, title in titled.items()}
    counts = Counter(slug.casefold() for slug in slugs.values())
    return {
        path: Name(
            _safe(title),
            f"{slugs[path]}-{_hash(path)}"
            if counts[slugs[path].casefold()] > 1 or not slugs[path]
            else slugs[path],
        )
        for path, title in titled.items()
    }


def _safe(title: str) -> str:
    """A title that no page link and no heading is cut short by."""
    return re.sub(r"[\[\]()#\x00-\x1f]+", "_", title)


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:HASH_CHARS]
