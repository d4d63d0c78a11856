"""`quorum doctor`: what keeps this installation from working, and how to mend it. Nothing is written."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from bot.cli.doctoring.patient import open_patient
from bot.cli.doctoring.registry import CHECKS, OFFLINE
from bot.cli.doctoring.running import examined
from bot.cli.doctoring.verdict import Check, Grade, Verdict, failed
from config.catalogue_single import open_catalogue
from config.errors import ConfigError
from config.settings import Settings
from workers.bootstrap.live_secrets import live_secrets
from workers.telemetry import configure_logging, scrub

EXIT_FAILED = 1


def run(parsed: argparse.Namespace) -> int:
    """Print each verdict; 1 when one of them failed."""
    configure_logging("ERROR")
    checks = OFFLINE if parsed.no_network else CHECKS
    found = asyncio.run(diagnosed(os.environ, time.time, checks))
    print(_json(found) if parsed.json else _text(found), file=sys.stdout)
    return EXIT_FAILED if any(one.grade is Grade.FAILED for one in found.values()) else 0


async def diagnosed(
    environ: Mapping[str, str], now: Callable[[], float], checks: Sequence[Check]
) -> Mapping[str, Verdict]:
    """The verdict of each check by its name. `now` is this machine's clock in epoch seconds."""
    try:
        settings = Settings.from_environ(environ)
        keys = [one.api_key_env for one in open_catalogue(settings).providers.values() if one.api_key_env]
    except ConfigError as error:
        said = " ".join(map(str, error.problems))
        return {"settings": failed(f"{said} Until this is mended nothing else can be looked at.")}
    own = live_secrets(settings, environ, keys)
    async with open_patient(settings, environ, now) as patient:
        found = await examined(patient, checks)
    return {name: Verdict(one.grade, scrub(own.redact(one.said))) for name, one in found.items()}


def _json(found: Mapping[str, Verdict]) -> str:
    rows = [{"check": name, "grade": one.grade, "said": one.said} for name, one in found.items()]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _text(found: Mapping[str, Verdict]) -> str:
    width = max(map(len, found))
    return "\n".join(f"{one.grade:<7}  {name:<{width}}  {one.said}" for name, one in found.items())
