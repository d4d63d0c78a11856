"""The configuration of a local repository: its own file is trusted, because whoever runs this owns both."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.errors import ConfigError, Problem
from config.layers import Effective, Layer, Source, effective
from config.loader import CONFIG_MAX_BYTES, load_layer
from config.operator import OperatorRules

PLACES = (Path(".github/quorum.yml"), Path(".quorum.yml"))
DEFAULTS_ORIGIN = "defaults"


def effective_config(path: Path, environ: Mapping[str, str], below: Sequence[Layer] = ()) -> Effective:
    """The configuration in force for the repository around `path`: its file over `below`, under the environment.

    Raises ConfigError for a file or variable that can't be used.
    """
    own = local_layer(path)
    layers = [*below, own] if own is not None else list(below)
    return effective(layers, OperatorRules.from_environ(environ))


def local_layer(path: Path) -> Layer | None:
    """What the repository's own file sets; None without one. Raises ConfigError."""
    root = repository_root(path)
    place = own_place(root)
    return load_layer(_read(root / place, str(place)), Source.FILE, str(place)) if place else None


def own_place(root: Path) -> Path | None:
    """Where the file of the repository at `root` stands, below it; None without one.

    Raises ConfigError for what is no file: a folder, a link to nowhere. It was meant to be one, and nothing would hold.
    """
    for place in PLACES:
        if os.path.lexists(root / place):
            if not (root / place).is_file():
                raise ConfigError(str(place), (Problem(0, "", "is no file, or a link to none."),))
            return place
    return None


def repository_root(path: Path) -> Path:
    """The nearest folder from `path` upwards that holds a `.git`; `path` itself if there is none."""
    start = path.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start)


def _read(file: Path, origin: str) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(CONFIG_MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(origin, (Problem(0, "", f"can't be read: {error.strerror}."),)) from None
