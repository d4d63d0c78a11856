"""The operator's settings: read once from the environment, frozen, handed on as an argument."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from config.errors import ConfigError, Problem

MIB = 1024 * 1024
STORAGE_KEY_MIN_CHARS = 16
PREFIX = "Value error, "
"""What pydantic puts before the words of a validator of ours."""


def _base_url(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must start with https:// or http://")
    return value.rstrip("/")


def _long_enough(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < STORAGE_KEY_MIN_CHARS:
        raise ValueError(f"must have at least {STORAGE_KEY_MIN_CHARS} characters")
    return value


def _database(value: SecretStr) -> SecretStr:
    return _starts(value, ("sqlite+aiosqlite:///", "postgresql+asyncpg://"))


def _redis(value: SecretStr) -> SecretStr:
    return _starts(value, ("redis://", "rediss://", "unix://"))


def _starts(value: SecretStr, beginnings: tuple[str, ...]) -> SecretStr:
    """`value`, which may be empty. It can hold a password: what is wrong with it doesn't repeat it."""
    given = value.get_secret_value()
    if given and not given.startswith(beginnings):
        raise ValueError(f"must start with {' or '.join(beginnings)}")
    return value


Usd = float | None
BaseUrl = Annotated[str, AfterValidator(_base_url)]


class Settings(BaseModel):
    """Each field is the environment variable `QUORUM_<FIELD>`; `<FIELD>_FILE` names a file that holds it instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # GitHub App
    app_id: int = Field(0, description="Numeric id of the GitHub App.")
    app_slug: str = Field(
        "",
        description="The App's slug, e.g. `quorum`; its own pushes are known by it; empty: none is taken for its own.",
    )
    client_id: str = Field("", description="Client id of the GitHub App: issuer of its JWTs.")
    private_key: SecretStr = Field(SecretStr(""), description="The App's private key, PEM.")
    broker_socket: Path | None = Field(
        None,
        description="Unix socket of `quorum broker`, which then holds the private key in the workers' place; "
        "empty: workers hold it.",
    )
    broker_user: str = Field(
        "",
        description="User, by name or number, whose processes may ask the broker; empty: the broker's own.",
    )
    webhook_secret: SecretStr = Field(SecretStr(""), description="The current webhook secret.")
    webhook_secret_previous: SecretStr = Field(
        SecretStr(""), description="The secret before it: still accepted while a rotation is under way."
    )
    github_api_url: BaseUrl = Field(
        "https://api.github.com", description="GitHub's API; https://HOST/api/v3 on GitHub Enterprise Server."
    )

    github_write_interval_s: float = Field(
        1.0, ge=0, description="Least time between two writes of one installation, as GitHub asks of apps."
    )
    github_creations_per_hour: int = Field(
        450,
        ge=0,
        description="Comments, reviews and pull requests that one installation's workers make in an hour; "
        "GitHub stops apps at 500. 0: any number.",
    )

    # where state lives
    data_dir: Path = Field(
        Path(".quorum"), description="Folder for SQLite, the embedded Valkey and run files."
    )
    database_url: Annotated[SecretStr, AfterValidator(_database)] = Field(
        SecretStr(""),
        description="SQLAlchemy URL (sqlite+aiosqlite:/// or postgresql+asyncpg://); empty: SQLite in data_dir.",
    )
    redis_url: Annotated[SecretStr, AfterValidator(_redis)] = Field(
        SecretStr(""), description="Redis or Valkey URL; empty: an embedded Valkey, started on this machine."
    )
    storage_key: Annotated[SecretStr, AfterValidator(_long_enough)] = Field(
        SecretStr(""),
        description="Secret of 16 or more characters that encrypts tokens shared over Valkey; empty: not shared.",
    )

    # receiver
    host: str = Field("127.0.0.1", description="Address the web process listens on.")
    port: int = Field(
        8000, ge=0, le=65535, description="Port the web process listens on; 0 picks a free one."
    )
    payload_max_bytes: int = Field(
        25 * MIB, ge=1024, description="A larger webhook body is refused with 413."
    )
    receive_timeout_s: float = Field(8.0, gt=0, description="A body must have arrived within this time.")
    connection_timeout_s: float = Field(
        10.0, gt=0, description="A request's head and body must have arrived by then."
    )
    connections_max: int = Field(1000, ge=1, description="Connections served at once; more are answered 503.")
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level that is logged."
    )

    # worker
    jobs_max: int = Field(8, ge=1, le=50, description="Jobs one worker process runs at once.")
    lease_s: float = Field(
        30.0, gt=0.1, description="A worker that says nothing for this long has lost its work."
    )
    job_timeout_s: float = Field(900.0, gt=1, description="Hard limit of one job.")
    sweep_interval_s: float = Field(
        5.0, gt=0, description="Time between looks for work that nobody was woken for."
    )
    debounce_s: float = Field(10.0, ge=0, description="Quiet time after a push before its review starts.")
    retry_backoff_s: float = Field(
        30.0,
        gt=0,
        description="Wait before work that failed for the moment is tried again; doubles each time.",
    )
    progress_after_s: float = Field(
        10.0, ge=0, description="Work that a command asked for and that takes longer says how far it is."
    )
    progress_interval_s: float = Field(
        30.0,
        ge=1,
        description="Least time between two edits of such a comment; GitHub counts each against a limit.",
    )
    shutdown_timeout_s: float = Field(
        20.0, gt=0, description="Time for jobs to finish posting after SIGTERM."
    )

    # comparison with GitHub
    redelivery_interval_s: float = Field(
        300.0, gt=0, description="Time between two looks for deliveries that failed."
    )
    redelivery_pause_s: float = Field(
        1.0, ge=0, description="Time between two deliveries that GitHub is asked to repeat."
    )
    redeliveries_max: int = Field(
        300, ge=1, le=5000, description="Deliveries that GitHub is asked to repeat in one look."
    )
    pulls_interval_s: float = Field(
        1800.0,
        gt=0,
        description="Time between two looks for open pull requests and checks that were forgotten.",
    )
    installations_interval_s: float = Field(
        3600.0,
        gt=0,
        description="Time between two comparisons of installations and repositories with GitHub.",
    )

    # model
    model: str = Field("", description="Model name at the endpoint; empty: reviews are static only.")
    model_base_url: BaseUrl | None = Field(
        None, description="OpenAI-compatible base URL, ends with /v1 as a rule."
    )
    model_api_key_env: str = Field(
        "QUORUM_MODEL_API_KEY", description="Name of the variable that holds the key."
    )
    model_output_mode: Literal["tool", "native", "prompted"] = Field(
        "prompted", description="How the endpoint is asked for JSON."
    )
    model_context_tokens: int = Field(32_000, ge=2_000, description="Context window of the model.")
    model_input_usd_per_million: float | None = Field(
        None, ge=0, description="Price override; empty: from the price list."
    )
    model_output_usd_per_million: float | None = Field(
        None, ge=0, description="Price override; empty: from the price list."
    )
    model_timeout_s: float = Field(120.0, gt=0, description="Time for one attempt of one call.")
    model_attempts_max: int = Field(3, ge=1, le=10, description="Attempts of one call.")
    model_concurrency: int = Field(4, ge=1, le=100, description="Calls under way at once in one worker.")

    # models of the catalogue
    providers: str = Field(
        "",
        description="Providers that may be asked, e.g. `anthropic, ollama`; `auto`: all whose key or address is there; "
        "empty: only QUORUM_MODEL.",
    )
    catalogue: Path | None = Field(
        None, description="YAML file with models and providers beside the shipped ones, or in their place."
    )
    allow_unknown_prices: bool = Field(
        False, description="Whether a model of unknown price may be asked although a budget is set."
    )
    openrouter_referer: str = Field("", description="Sent to OpenRouter as HTTP-Referer; empty: not sent.")
    openrouter_title: str = Field("Quorum", description="Sent to OpenRouter as X-Title; empty: not sent.")
    answer_ttl_s: float = Field(
        604_800.0, ge=0, description="How long validated answers are kept in Valkey; 0: not at all."
    )
    answer_max_bytes: int = Field(256 * 1024, ge=1024, description="A larger answer is not kept.")
    health_interval_s: float = Field(300.0, gt=1, description="Time between two probes of each model in use.")

    # budgets, in US dollars; unset: no limit
    budget_call_usd: Usd = Field(None, gt=0, description="Most that one call may cost.")
    budget_run_usd: Usd = Field(None, gt=0, description="Most that one run may cost.")
    budget_day_usd: Usd = Field(None, gt=0, description="Most that a day (UTC) may cost, over everything.")
    budget_month_usd: Usd = Field(
        None, gt=0, description="Most that a month (UTC) may cost, over everything."
    )
    budget_installation_day_usd: Usd = Field(
        None, gt=0, description="Most that a day of one installation may cost."
    )
    budget_installation_month_usd: Usd = Field(
        None, gt=0, description="Most that a month of one installation may cost."
    )
    budget_repository_day_usd: Usd = Field(
        None, gt=0, description="Most that a day of one repository may cost."
    )
    budget_repository_month_usd: Usd = Field(
        None, gt=0, description="Most that a month of one repository may cost."
    )
    budget_user_day_usd: Usd = Field(
        None, gt=0, description="Most that one person's commands of a day may cost."
    )
    budget_user_month_usd: Usd = Field(
        None, gt=0, description="Most that one person's commands of a month may cost."
    )

    # alerts and reports
    alert_slack_url: SecretStr = Field(SecretStr(""), description="Slack incoming webhook for alerts.")
    alert_webhook_url: SecretStr = Field(
        SecretStr(""), description="URL that alerts are posted to as signed JSON."
    )
    alert_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Secret that signs them (HMAC-SHA256)."
    )
    smtp_url: SecretStr = Field(
        SecretStr(""), description="Mail server for alerts: smtp://USER:PASSWORD@HOST:587, or smtps://…:465."
    )
    alert_mail_from: str = Field("", description="Sender of alerts by mail.")
    alert_mail_to: str = Field("", description="Receivers of alerts by mail, separated by commas.")

    alert_interval_s: float = Field(
        60.0, gt=0, description="Time between two looks at what was spent, for alerts and the monthly report."
    )

    # operator's interface
    admin_token: Annotated[SecretStr, AfterValidator(_long_enough)] = Field(
        SecretStr(""),
        description="Bearer token of 16 or more characters for the operator's REST interface; empty: off.",
    )

    # written tests
    tests_python: str = Field(
        "",
        description="Python with pytest that runs written tests in the sandbox, e.g. one with your packages; "
        "empty: Quorum's own.",
    )
    tests_node: str = Field(
        "",
        description="Node.js, 20 or later, that runs tests written for `node:test` in the sandbox; empty: the one on the "
        "PATH.",
    )

    # limits of reading
    files_max: int = Field(3000, ge=1, le=3000, description="Changed files read of one pull request.")
    file_max_bytes: int = Field(1 * MIB, ge=1024, description="A larger file is listed as too large.")
    snapshot_max_bytes: int = Field(
        64 * MIB, ge=1024, description="Text of the repository read for one review."
    )

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
