"""Who may read the files that hold secrets, and how old those are."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import SecretStr

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from config.settings import Settings

OLD_DAYS = 365
DAY_S = 86_400


async def look_at_modes(patient: Patient) -> Verdict:
    """Files of secrets, `.env` and the data folder: other users of the machine may not read them."""
    secret = [*_secret_files(patient.environ).values(), Path(".env")]
    open_files = [f"{path} (chmod 600)" for path in secret if _others_read(path)]
    folder = patient.settings.data_dir
    open_files += [f"{folder} (chmod 700)"] if _others_read(folder) else []
    if open_files:
        return failed(f"Every user of this machine may read {', '.join(open_files)}.")
    return well("Only their owner and group may read the files of secrets and the data folder.")


async def look_at_age(patient: Patient) -> Verdict:
    """The age of the secrets' files; GitHub doesn't tell how old a key is."""
    files = _secret_files(patient.environ)
    ages = {
        name: (patient.now() - path.stat().st_mtime) / DAY_S for name, path in files.items() if path.exists()
    }
    old = [f"{name} ({days:.0f} days)" for name, days in ages.items() if days > OLD_DAYS]
    if old:
        return doubtful(f"Older than a year: {', '.join(old)}. Make new ones: docs/operating.md says how.")
    return well(
        "No file of a secret is older than a year." if ages else "Secrets are in no files: age unknown."
    )


def _secret_files(environ: Mapping[str, str]) -> dict[str, Path]:
    return {name: Path(environ[name]) for name in _variables() if environ.get(name)}


def _variables() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, SecretStr):
            yield f"QUORUM_{name.upper()}_FILE"


def _others_read(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & stat.S_IROTH)
