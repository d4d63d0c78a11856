"""Durable work, as its users import it."""

from __future__ import annotations

from workers.storage.wants import bump, cancel

__all__ = ["bump", "cancel"]
