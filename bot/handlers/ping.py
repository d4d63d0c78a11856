"""`ping`: GitHub says hello to a new webhook; being answered is all it wants."""

from __future__ import annotations

from bot.events.installation import PingEvent
from bot.handlers.handler import Handler

HANDLER = Handler("ping", PingEvent, {})
