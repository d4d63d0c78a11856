"""The configuration of a local repository: its own file is trusted, because whoever runs this owns both."""

from __future__ import annotations

from pathlib import Path

from config.errors import ConfigError, Problem
from config.loader import CONFIG_MAX_BYTES, load
from config.repository import RepositoryConfig

PLACES = (Path(".github/quorum.yml"), Path(".quorum.yml"))
DEFAULTS_ORIGIN = "defaults"


def local_config(path: Path) -> tuple[RepositoryConfig, str]:
    """The configuration in force for the repository around `path`, and where it comes from.

    Raises ConfigError for a file that can't be used.
    """
    root = repository_root(path)
    for place in PLACES:
        if (root / place).is_file():
            return load(_read(root / place, str(place)), str(place)), str(place)
    return RepositoryConfig(), DEFAULTS_ORIGIN


def repository_root(path: Path) -> Path:
    """The nearest folder from `path` upwards that holds a `.git`; `path` itself if there is none."""
    start = path.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start)


def _read(file: Path, origin: str) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(CONFIG_MAX_BYTES + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(origin, (Problem(0, "", f"can't be read: {why}."),)) from None
