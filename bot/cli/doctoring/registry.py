"""Every check, one row each; what a row needs stands before it."""

from __future__ import annotations

from bot.cli.doctoring import (
    app,
    broker,
    clock,
    database,
    disk,
    files,
    github,
    health,
    installations,
    models,
    money,
    permissions,
    private_key,
    queue,
    sandbox,
    settings,
    valkey,
    webhook,
)
from bot.cli.doctoring.verdict import Check

GITHUB = ("github", "broker", "private key", "clock")

CHECKS = (
    Check("settings", settings.look),
    Check("files", files.look_at_modes),
    Check("age of secrets", files.look_at_age),
    Check("storage key", money.look_at_key),
    Check("budget", money.look_at_budget),
    Check("valkey", valkey.look),
    Check("database", database.look),
    Check("schema", database.look_at_schema, ("database",)),
    Check("disk", disk.look),
    Check("queue", queue.look, ("schema",)),
    Check("sandbox", sandbox.look),
    Check("test tools", sandbox.look_at_tools),
    Check("broker", broker.look),
    Check("private key", private_key.look, ("settings",)),
    Check("github", github.look, asks=True),
    Check("clock", clock.look, asks=True),
    Check("app", app.look, GITHUB, asks=True),
    Check("permissions", permissions.look_at_permissions, ("app",), asks=True),
    Check("events", permissions.look_at_events, ("app",), asks=True),
    Check("webhook", webhook.look_at_configuration, ("app",), asks=True),
    Check("deliveries", webhook.look_at_deliveries, ("app", "webhook"), asks=True),
    Check("installations", installations.look, ("app",), asks=True),
    Check("models", models.look, asks=True, timeout_s=models.TIMEOUT_S),
    Check("health", health.look, ("valkey",)),
)
OFFLINE = (
    *(check for check in CHECKS if not check.asks),
    Check("models", models.look_offline),
)
"""Those that ask neither GitHub nor a model."""
