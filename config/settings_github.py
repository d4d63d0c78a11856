"""GitHub: whose App this is, and how often it is compared with what GitHub knows."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr

from config.settings_kinds import BaseUrl


class AppSettings(BaseModel):
    """The GitHub App."""

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


class ComparisonSettings(BaseModel):
    """How often GitHub is asked for what never arrived."""

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
