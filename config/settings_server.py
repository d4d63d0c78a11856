"""The processes: where state lives, what is listened to, how work is done, what it may read."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr

from config.settings_kinds import MIB, DatabaseUrl, LongSecret, RedisUrl


class StateSettings(BaseModel):
    """Where state lives."""

    data_dir: Path = Field(
        Path(".quorum"), description="Folder for SQLite, the embedded Valkey and run files."
    )
    database_url: DatabaseUrl = Field(
        SecretStr(""),
        description="SQLAlchemy URL (sqlite+aiosqlite:/// or postgresql+asyncpg://); empty: SQLite in data_dir.",
    )
    redis_url: RedisUrl = Field(
        SecretStr(""), description="Redis or Valkey URL; empty: an embedded Valkey, started on this machine."
    )
    storage_key: LongSecret = Field(
        SecretStr(""),
        description="Secret of 16 or more characters that encrypts tokens shared over Valkey; empty: not shared.",
    )


class ReceiverSettings(BaseModel):
    """The web process."""

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


class WorkerSettings(BaseModel):
    """A worker process."""

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


class AdminSettings(BaseModel):
    """The operator's REST interface."""

    admin_token: LongSecret = Field(
        SecretStr(""),
        description="Bearer token of 16 or more characters for the operator's REST interface; empty: off.",
    )


class TestsSettings(BaseModel):
    """What runs written tests."""

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


class ReadingSettings(BaseModel):
    """How much is read of a repository."""

    files_max: int = Field(3000, ge=1, le=3000, description="Changed files read of one pull request.")
    file_max_bytes: int = Field(1 * MIB, ge=1024, description="A larger file is listed as too large.")
    snapshot_max_bytes: int = Field(
        64 * MIB, ge=1024, description="Text of the repository read for one review."
    )
