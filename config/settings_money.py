"""Money: what may be spent, and who is told."""

from __future__ import annotations

from pydantic import BaseModel, Field, SecretStr

from config.settings_kinds import Usd


class BudgetSettings(BaseModel):
    """Budgets in US dollars; unset: no limit."""

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


class AlertSettings(BaseModel):
    """Alerts and reports."""

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
