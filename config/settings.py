"""The operator's settings: read once from the environment, frozen, handed on as an argument."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from config.errors import ConfigError, Problem
from config.settings_github import AppSettings, ComparisonSettings
from config.settings_models import CatalogueSettings, ModelSettings
from config.settings_money import AlertSettings, BudgetSettings
from config.settings_server import (
    AdminSettings,
    ReadingSettings,
    ReceiverSettings,
    StateSettings,
    TestsSettings,
    WorkerSettings,
)

PREFIX = "Value error, "
"""What pydantic puts before the words of a validator of ours."""

GROUPS: Mapping[str, type[BaseModel]] = {
    "GitHub App": AppSettings,
    "State": StateSettings,
    "Receiver": ReceiverSettings,
    "Worker": WorkerSettings,
    "Comparison with GitHub": ComparisonSettings,
    "Model": ModelSettings,
    "Models of the catalogue": CatalogueSettings,
    "Budgets": BudgetSettings,
    "Alerts": AlertSettings,
    "Operator's interface": AdminSettings,
    "Written tests": TestsSettings,
    "Reading": ReadingSettings,
}
"""Heading → settings, in the order in which they are told."""


class Settings(
    ReadingSettings,
    TestsSettings,
    AdminSettings,
    AlertSettings,
    BudgetSettings,
    CatalogueSettings,
    ModelSettings,
    ComparisonSettings,
    WorkerSettings,
    ReceiverSettings,
    StateSettings,
    AppSettings,
):
    """Each field is the environment variable `QUORUM_<FIELD>`; `<FIELD>_FILE` names a file that holds it instead.

    Fields stand in the reverse order of the bases.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def resolved_database_url(self) -> str:
        """The database URL in force."""
        given = self.database_url.get_secret_value()
        return given or f"sqlite+aiosqlite:///{self.data_dir / 'quorum.db'}"

    def webhook_secrets(self) -> tuple[bytes, ...]:
        """Secrets that may sign a delivery, newest first."""
        both = (self.webhook_secret, self.webhook_secret_previous)
        return tuple(secret.get_secret_value().encode() for secret in both if secret.get_secret_value())

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read `QUORUM_*`; raises ConfigError that names each variable that can't be used. Unset ones default."""
        environ = os.environ if environ is None else environ
        values: dict[str, str] = {}
        for name in cls.model_fields:
            variable = f"QUORUM_{name.upper()}"
            if path := environ.get(f"{variable}_FILE"):
                values[name] = _read_file(f"{variable}_FILE", path)
            elif text := environ.get(variable):
                values[name] = text
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            problems = tuple(
                Problem(0, f"QUORUM_{str(item['loc'][0]).upper()}", item["msg"].removeprefix(PREFIX) + ".")
                for item in error.errors(include_input=False, include_url=False)
            )
            raise ConfigError("environment", problems) from None


def _read_file(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError("environment", (Problem(0, variable, f"cannot read {path}: {why}."),)) from None
