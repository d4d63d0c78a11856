"""What rendering needs beside the Review: where it is posted, and what cleans strangers' text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workers.github.sanitise import Sanitiser


@dataclass(frozen=True, slots=True)
class Rendering:
    """`work_key` and `generation` go into the markers; the sanitiser knows the repository's web address.

    `threads` are the addresses of findings' threads, by fingerprint; None where nobody looked for threads.
    """

    sanitiser: Sanitiser
    work_key: str = ""
    generation: int = 0
    threads: Mapping[str, str] | None = None

    @property
    def repository_url(self) -> str:
        """The repository's page, e.g. "https://github.com/octo/repo"; "" when there is none to link to."""
        return self.sanitiser.repository_url
