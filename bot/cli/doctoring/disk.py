"""Whether there is room where state lives, and whether it may be written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from bot.cli.doctoring.database import file_of, url_of
from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well

MIB = 1024 * 1024
FREE_MIN_MIB, FREE_LOW_MIB = 100, 1024
WAL_MAX_MIB = 256


async def look(patient: Patient) -> Verdict:
    """Room where state lives, and SQLite's log of writes."""
    url = url_of(patient.settings)
    sqlite = url.get_backend_name() == "sqlite"
    folder = _existing(file_of(url).parent if sqlite else patient.settings.data_dir)
    free = shutil.disk_usage(folder).free // MIB
    log = _size_mib(Path(f"{file_of(url)}-wal")) if sqlite else 0
    written = [folder, file_of(url)] if sqlite and file_of(url).exists() else [folder]
    return judged(folder, free, log, [path for path in written if not os.access(path, os.W_OK)])


def judged(folder: Path, free: int, log: int, locked: Sequence[Path]) -> Verdict:
    """What room means: `free` and `log` in MiB; `locked` are places that this user may not write."""
    if locked:
        return failed(
            f"This user may not write {', '.join(map(str, locked))}: `chown` it, or run as its owner."
        )
    if free < FREE_MIN_MIB:
        return failed(f"{free} MiB are left where {folder} is: make room, or nothing can be written.")
    if free < FREE_LOW_MIB:
        return doubtful(f"{free} MiB are left where {folder} is: make room.")
    if log > WAL_MAX_MIB:
        return doubtful(
            f"The database's log of writes has {log} MiB: a reader holds it back; restart Quorum."
        )
    return well(f"{free:,} MiB are free where {folder} is.")


def _existing(folder: Path) -> Path:
    return next(one for one in (folder.resolve(), *folder.resolve().parents) if one.exists())


def _size_mib(path: Path) -> int:
    return path.stat().st_size // MIB if path.exists() else 0
