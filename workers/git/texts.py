"""Single texts of a commit of a repository on this machine."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from pathlib import Path

from workers.domain.errors import UserError
from workers.git.command import Git, GitError
from workers.git.local import LocalLimits, root_of
from workers.git.objects import REGULAR_MODES, read_blobs, read_tree


async def read_texts(
    path: Path, commit: str, choose: Callable[[Container[str]], Sequence[str]], limits: LocalLimits
) -> dict[str, str]:
    """The files that `choose` names, given the paths of `commit`: path → text, each content once.

    Left out is what is no regular file, no UTF-8 or larger than `limits` allow. Raises UserError for git's own trouble.
    """
    git = Git(root_of(path), limits.timeout_s, limits.output_max_bytes, limits.file_max_bytes)
    try:
        small = {
            path: entry.sha
            for path, entry in (await read_tree(git, commit)).items()
            if entry.mode in REGULAR_MODES and (entry.size_bytes or 0) <= limits.file_max_bytes
        }
        wanted: dict[str, str] = {}
        for name in choose(small):
            if name in small:
                wanted.setdefault(small[name], name)
        blobs = await read_blobs(git, wanted)
    except GitError as error:
        raise UserError(f"git could not read {git.root}: {error}") from error
    texts = {name: _text(blobs.get(sha, b"")) for sha, name in wanted.items()}
    return {name: text for name, text in texts.items() if text}


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
