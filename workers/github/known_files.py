"""What is known of files at commits: a commit never changes, so neither does what stands in it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from workers.github.values import Blob

FILES_MAX = 5_000
CHARS_MAX = 4 * 1024 * 1024
"""Of all texts together; about as many bytes, or a few times that."""
FILE_MAX_CHARS = 256 * 1024
"""Larger ones are read again each time."""


@dataclass(frozen=True, slots=True)
class FileAt:
    """A path at a commit, as `owner` (an installation) sees it: nobody learns what another may read."""

    owner: str
    full_name: str
    commit: str
    path: str


@dataclass(frozen=True, slots=True)
class Known:
    """What stands there; None: nothing, as a whole list of the folder says."""

    blob: Blob | None

    @property
    def chars(self) -> int:
        """How long the text is."""
        return len(self.blob.text) if self.blob is not None else 0


class KnownFiles:
    """Files that were read in this process, and those that are known to be missing; the least used are forgotten."""

    def __init__(self, *, files_max: int = FILES_MAX, chars_max: int = CHARS_MAX) -> None:
        self._files_max = files_max
        self._chars_max = chars_max
        self._chars = 0
        self._kept: OrderedDict[FileAt, Known] = OrderedDict()

    def get(self, file: FileAt) -> Known | None:
        """What is known of it; None: nothing is."""
        found = self._kept.get(file)
        if found is not None:
            self._kept.move_to_end(file)
        return found

    def put(self, file: FileAt, known: Known) -> None:
        """Keep what stands there, unless it is large."""
        if known.chars > FILE_MAX_CHARS:
            return
        if (before := self._kept.pop(file, None)) is not None:
            self._chars -= before.chars
        self._kept[file] = known
        self._chars += known.chars
        while len(self._kept) > self._files_max or self._chars > self._chars_max:
            _, gone = self._kept.popitem(last=False)
            self._chars -= gone.chars
