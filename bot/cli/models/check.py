"""`quorum models check`: asks each model one tiny question, and says what is wrong and what to do."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict

from bot.cli.models.diagnosis import Diagnosis, answered, asked_for, unasked
from bot.cli.models.rows import Overview, Row, overview
from config.catalogue_names import did_you_mean, find_model
from config.settings import Settings
from workers.domain.errors import UserError
from workers.domain.task import ModelError

EXIT_FAILED = 1
PROBES_AT_ONCE_MAX = 4
NOBODY = "No model can be asked. `quorum models list --all` shows every model, and why not."

Probe = Callable[[str], Awaitable[float]]
"""Ask the model of this name; the seconds that a usable answer took. Raises ModelError."""
OpenProbe = Callable[[Sequence[Row], Mapping[str, str]], AbstractAsyncContextManager[Probe]]


def run(parsed: argparse.Namespace) -> int:
    """Check the named models, else all that may be asked; 1 when one of them can't be used."""
    settings = Settings.from_environ(os.environ)
    rows = chosen_rows(overview(settings, os.environ), settings, parsed.names)
    if not rows:
        print(NOBODY, file=sys.stderr)
        return EXIT_FAILED
    found = asyncio.run(_check(rows, settings, open_probe))
    print(json.dumps([asdict(one) for one in found], indent=2) if parsed.json else _text(found))
    return 0 if all(one.ok for one in found) else EXIT_FAILED


def open_probe(rows: Sequence[Row], environ: Mapping[str, str]) -> AbstractAsyncContextManager[Probe]:
    """Questions to the real endpoints."""
    from workers.llm.prober import open_prober

    return open_prober([(row.model, row.access.spec) for row in rows], environ)


def chosen_rows(found: Overview, settings: Settings, names: Sequence[str]) -> list[Row]:
    """The models to check. Raises UserError for a name that no model has."""
    if not names:
        return [row for row in found.rows(everything=True) if asked_for(row, settings)]
    rows = []
    for name in dict.fromkeys(names):
        model = find_model(found.catalogue, name)
        if model is None:
            said = f"no model is called `{name[:80]}`. {did_you_mean(found.catalogue, name)}"
            raise UserError(said.rstrip() + " `quorum models list --all` shows them all.")
        rows.append(found.row(model))
    return rows


async def _check(rows: Sequence[Row], settings: Settings, opening: OpenProbe) -> list[Diagnosis]:
    async with opening([row for row in rows if row.access.usable], os.environ) as probe:
        return await checked(rows, settings, probe)


async def checked(rows: Sequence[Row], settings: Settings, probe: Probe) -> list[Diagnosis]:
    """One diagnosis a row, in their order; a model whose key or address is missing is not asked."""
    slots = asyncio.Semaphore(PROBES_AT_ONCE_MAX)

    async def one(row: Row) -> Diagnosis:
        if not row.access.usable:
            return unasked(row, settings)
        async with slots:
            try:
                return answered(row, settings, await probe(row.model.name))
            except ModelError as error:
                return answered(row, settings, error.kind)

    return list(await asyncio.gather(*map(one, rows)))


def _text(found: Sequence[Diagnosis]) -> str:
    width = max(len(one.model) for one in found)
    return "\n".join(line for one in found for line in _lines(one, width))


def _lines(one: Diagnosis, width: int) -> list[str]:
    said = f"ok, {one.seconds:.2f} s" if one.seconds is not None else "no usable answer"
    notes = [f"{'':<{width}}    {kind}: {note}" for kind, note in one.told()]
    return [f"{one.model:<{width}}  {said if one.ok or one.seconds is None else 'answers, but'}", *notes]
