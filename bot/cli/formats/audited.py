"""An audit for people at a terminal: scores with their reasons, then what the specialists say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.cli.columns import paid, priced
from workers.domain.audit import Audit, Criterion, Score, called
from workers.domain.receipt import summed
from workers.github.prose import parted

PLACES_SHOWN = 3


def text(audit: Audit) -> str:
    """All of it, in plain words."""
    scores = audit.scores
    blocks = ["\n".join(_score(one)) for one in (scores.code, scores.deployment, scores.documentation)]
    blocks += ["\n".join(_part(name, part)) for name, part in (audit.results or {}).items() if part]
    blocks.append("\n".join(_last(audit)))
    return "\n\n".join(blocks)


def _score(score: Score) -> Iterator[str]:
    value = "nothing to score" if score.value is None else f"{score.value:g} of {score.out_of:g}"
    yield f"{score.name}: {value}"
    yield from (_criterion(one) for one in score.criteria)


def _criterion(one: Criterion) -> str:
    points = f"{one.points:5.1f} of {one.most:4.1f}" if one.most else "        -    "
    places = ", ".join(map(str, one.places[:PLACES_SHOWN]))
    return f"  {points}  {one.name}: {_flat(one.found)}{f'  [{_flat(places)}]' if places else ''}"


def _part(name: str, part: Any) -> Iterator[str]:
    yield name.replace("_", " ")
    for key, value in dict(part).items():
        if isinstance(value, list | tuple):
            yield f"  {key}:{'' if value else ' none'}"
            yield from (f"    - {_item(one)}" for one in value)
        else:
            yield f"  {key}: {_flat(str(value))}"


def _item(one: object) -> str:
    if isinstance(one, Mapping):
        return f"{_flat(str(one['severity']))}: {_flat(str(one['issue']))}"
    return _flat(str(one))


def _last(audit: Audit) -> Iterator[str]:
    for name, proof in audit.proofs.items():
        yield from (
            f"{name} rests on {one.path}:{one.start_line or one.line}: {_flat(one.why)}"
            for one in proof.evidence
        )
        if proof.dropped:
            yield f"{name}: {proof.dropped} quote(s) left out, not in the code"
    yield from (f"the {called(name)} gave no answer: {_flat(why)}" for name, why in audit.failed.items())
    yield from (f"note: {_flat(one)}" for one in audit.notices)
    seen = f", models saw the starts of {len(audit.shown)}" if audit.shown else ""
    yield f"{audit.read} file(s) read{seen}"
    if audit.planned:
        worst = summed(one.call.estimated_micros for one in audit.planned)
        yield f"dry run: {len(audit.planned)} question(s) would be asked first, {priced(worst)} at worst; one follows"
        yield from (
            f"  {one.call.stage}: {_flat(one.call.model)}, {_flat(one.call.reason)}" for one in audit.planned
        )
    elif audit.calls:
        yield f"models: {len(audit.calls)} call(s), {paid(audit.calls)}"


def _flat(said: str) -> str:
    return parted(" ".join(said.split()))
