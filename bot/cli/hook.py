"""`quorum hook install`: a pre-commit hook, written and taken away; what others wrote stays as it is."""

from __future__ import annotations

import argparse
import os
import sysconfig
import tempfile
from pathlib import Path

from bot.cli.hook_git import Hooked, here
from bot.cli.hook_script import advice, is_ours, script
from workers.domain.errors import UserError

NAME = "pre-commit"
HOOK_MAX_BYTES = 100_000
EXECUTABLE = 0o755


def run(parsed: argparse.Namespace) -> int:
    """Write the hook of the repository around the present folder, or take it away. Raises UserError."""
    git = here(Path.cwd(), os.environ)
    options = options_of(parsed)
    print(uninstalled(git) if parsed.uninstall else installed(git, options, fallback_of(git)))
    return 0


def options_of(parsed: argparse.Namespace) -> tuple[str, ...]:
    """What the hook is to do, as its own arguments."""
    return tuple(f"--{name}" for name in ("docs", "review") if getattr(parsed, name))


def fallback_of(git: Hooked) -> str:
    """This very program; "" for hooks that are files of the repository, which others check out elsewhere."""
    hooks = git.hooks()
    if hooks.is_relative_to(git.root) and not hooks.is_relative_to(git.root / ".git"):
        return ""
    return str(Path(sysconfig.get_path("scripts")) / "quorum")


def installed(git: Hooked, options: tuple[str, ...], fallback: str) -> str:
    """Write the hook; what to say. Raises UserError: somebody else's is there."""
    place, wanted = git.hooks() / NAME, script(options, fallback)
    there = _read(place)
    if there is not None and not is_ours(there):
        raise UserError(
            f"{place} is not Quorum's, or was changed since: nothing was written. To have it check commits, add to it:\n"
            f"    {advice(options)}"
        )
    if there == wanted and os.access(place, os.X_OK):
        return f"{place} is there already."
    _write(place, wanted)
    return f"{place} is written; `git commit --no-verify` passes it by."


def uninstalled(git: Hooked) -> str:
    """Take the hook away; what to say. Raises UserError: it is somebody else's."""
    place = git.hooks() / NAME
    there = _read(place)
    if there is None:
        return f"There is no {place}."
    if not is_ours(there):
        raise UserError(f"{place} is not Quorum's, or was changed since: it stays.")
    place.unlink()
    return f"{place} is gone."


def _read(place: Path) -> str | None:
    """The hook's text; None without one. A link is never ours: it leads to what others use too."""
    try:
        if place.is_symlink() or (place.exists() and not place.is_file()):
            return ""
        with place.open("rb") as stream:
            return stream.read(HOOK_MAX_BYTES).decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(f"Cannot read {place}: {error.strerror}.") from None


def _write(place: Path, text: str) -> None:
    """At once or not at all: a commit may run while it is written."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=place.parent, prefix=".quorum-")
        with open(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(beside, EXECUTABLE)
        os.replace(beside, place)
    except OSError as error:
        raise UserError(f"Cannot write {place}: {error.strerror}.") from None
