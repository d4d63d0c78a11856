"""What people did with findings, in the database: the last that is known, and whether it was learned from."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from workers.domain.adjudication import Fate
from workers.domain.finding import Aspect
from workers.domain.outcome import How, Labelled, Outcome, Record, Resolution, rightness
from workers.domain.profile import Observation
from workers.storage.database import Database
from workers.storage.profiles import learn_within

PERSON_COUNTED_MAX = 20
"""Outcomes of one person, over all repositories, that models are judged by within the window."""
REPOSITORY_COUNTED_MAX = 50
WINDOW_S = 30 * 86_400.0
RECORD_MAX = 2_000
"""A repository's latest outcomes: what it thought long ago is forgotten."""
SETTLED_MAX = 500
EXPORT_MAX = 100_000

_KNOWN = sa.text("SELECT * FROM outcome WHERE repo_id = :repo_id AND number = :number")
_THREADS = sa.text(
    "SELECT comment_id, actor_id, actor, at FROM thread WHERE repo_id = :repo_id AND number = :number AND resolved = 1"
)

# What was counted stays counted, whatever is said later.
_KEEP = sa.text(
    """
INSERT INTO outcome (repo_id, number, fingerprint, fate, how, reason, actor_id, actor, weighs, at, changed_at)
VALUES (:repo_id, :number, :fingerprint, :fate, :how, :reason, :actor_id, :actor, :weighs, :at, :now)
ON CONFLICT (repo_id, number, fingerprint) DO UPDATE SET
  changed_at = CASE WHEN outcome.fate = excluded.fate THEN outcome.changed_at ELSE excluded.changed_at END,
  fate = excluded.fate, how = excluded.how, reason = excluded.reason, actor_id = excluded.actor_id,
  actor = excluded.actor, weighs = excluded.weighs, at = excluded.at
"""
)

_UNCOUNTED = """
SELECT outcome.repo_id, outcome.number, outcome.fingerprint, outcome.fate, outcome.actor_id, finding.sources
FROM outcome JOIN finding ON finding.repo_id = outcome.repo_id AND finding.number = outcome.number
  AND finding.fingerprint = outcome.fingerprint
WHERE outcome.counted = '' AND outcome.weighs = 1 AND outcome.fate IN ('fixed', 'accepted', 'dismissed', 'declined')
"""
# Always in the order of keys, so that two transactions can't wait for each other.
_IN_ORDER = "ORDER BY outcome.repo_id, outcome.number, outcome.fingerprint LIMIT :limit"
_OF_PULL = sa.text(f"{_UNCOUNTED} AND outcome.repo_id = :repo_id AND outcome.number = :number {_IN_ORDER}")
_SETTLED = sa.text(f"{_UNCOUNTED} AND outcome.changed_at < :before {_IN_ORDER}")
_COUNT = sa.text(
    """
UPDATE outcome SET counted = :counted, counted_at = :now
WHERE repo_id = :repo_id AND number = :number AND fingerprint = :fingerprint AND counted = '' RETURNING fingerprint
"""
)
_COUNTED_BY = sa.text(
    "SELECT count(*) FROM outcome WHERE actor_id = :actor_id AND counted_at > :since AND counted <> 'bounded'"
)
_COUNTED_IN = sa.text(
    "SELECT count(*) FROM outcome WHERE repo_id = :repo_id AND counted_at > :since AND counted <> 'bounded'"
)

_RECORD = sa.text(
    """
SELECT aspect, rule, actor_id, sum(wrong) AS wrong, count(*) - sum(wrong) AS "right" FROM (
  SELECT finding.aspect, finding.rule, outcome.actor_id,
    CASE WHEN outcome.fate IN ('dismissed', 'declined') THEN 1 ELSE 0 END AS wrong
  FROM outcome JOIN finding ON finding.repo_id = outcome.repo_id AND finding.number = outcome.number
    AND finding.fingerprint = outcome.fingerprint
  WHERE outcome.repo_id = :repo_id AND outcome.weighs = 1
    AND outcome.fate IN ('fixed', 'accepted', 'dismissed', 'declined')
  ORDER BY outcome.changed_at DESC LIMIT :limit) AS latest
GROUP BY aspect, rule, actor_id ORDER BY aspect, rule, actor_id
"""
)

_LABELLED = sa.text(
    """
SELECT finding.sources, finding.aspect, finding.severity, finding.rule, finding.title, finding.description,
  outcome.fate, outcome.how
FROM outcome JOIN finding ON finding.repo_id = outcome.repo_id AND finding.number = outcome.number
  AND finding.fingerprint = outcome.fingerprint
WHERE outcome.weighs = 1 AND outcome.fate IN ('fixed', 'accepted', 'dismissed', 'declined')
ORDER BY outcome.changed_at DESC LIMIT :limit
"""
)


@dataclass(frozen=True, slots=True)
class Settled:
    """How many outcomes were learned from, and how many were left out because of who or where they came from."""

    counted: int = 0
    bounded: int = 0


class OutcomeStore:
    """The outcomes of findings. `now` gives epoch seconds; `clean` takes secrets out of what people wrote."""

    def __init__(
        self, database: Database, now: Callable[[], float], clean: Callable[[str], str] = str
    ) -> None:
        self._database = database
        self._now = now
        self._clean = clean

    async def known(self, repo_id: int, number: int) -> Mapping[str, Outcome]:
        """What is known of a pull request's findings, by fingerprint."""
        values = {"repo_id": repo_id, "number": number}
        rows = await self._database.read(lambda conn: conn.execute(_KNOWN, values).all())
        return {row.fingerprint: _outcome(row) for row in rows}

    async def resolutions(self, repo_id: int, number: int) -> Mapping[int, Resolution]:
        """Threads of a pull request that stand resolved, by the id of their first comment."""
        values = {"repo_id": repo_id, "number": number}
        rows = await self._database.read(lambda conn: conn.execute(_THREADS, values).all())
        return {row.comment_id: Resolution(row.actor_id, row.actor, row.at) for row in rows}

    async def keep(self, repo_id: int, number: int, outcomes: Collection[Outcome]) -> None:
        """Keep what became of these findings; of the others nothing changes."""
        now = self._now()
        rows = [
            {"repo_id": repo_id, "number": number, "now": now, **self._values(one)}
            for one in sorted(outcomes, key=lambda one: one.fingerprint)
        ]
        if rows:
            await self._database.write(lambda conn: _executed(conn, rows))

    async def settle(self, repo_id: int, number: int, kind: str) -> Settled:
        """Learn from a pull request's outcomes what its models are worth at tasks of `kind`: from each of them once."""
        values = {"repo_id": repo_id, "number": number, "limit": SETTLED_MAX}
        return await self._learn(_OF_PULL, values, kind)

    async def settle_before(self, before: float, kind: str) -> Settled:
        """The same for outcomes that have stood since then (epoch seconds), wherever they are; 500 at most."""
        return await self._learn(_SETTLED, {"before": before, "limit": SETTLED_MAX}, kind)

    async def records(self, repo_id: int) -> Sequence[Record]:
        """What people of a repository made of its findings, by rule and person; its latest 2,000."""
        values = {"repo_id": repo_id, "limit": RECORD_MAX}
        rows = await self._database.read(lambda conn: conn.execute(_RECORD, values).all())
        return [Record(Aspect(row.aspect), row.rule, row.actor_id, row.right, row.wrong) for row in rows]

    async def labelled(self, limit: int = EXPORT_MAX) -> Sequence[Labelled]:
        """Statements with what people made of them, the latest first."""
        rows = await self._database.read(lambda conn: conn.execute(_LABELLED, {"limit": limit}).all())
        return [_labelled(row) for row in rows]

    async def _learn(self, statement: sa.TextClause, values: Mapping[str, object], kind: str) -> Settled:
        now = self._now()

        def learn(conn: sa.Connection) -> Settled:
            rows = conn.execute(statement, values).all()
            counted = [row for row in rows if _count(conn, row, now)]
            learn_within(conn, [one for row in counted for one in _observed(row, kind)], now)
            return Settled(len(counted), len(rows) - len(counted))

        return await self._database.write(learn)

    def _values(self, one: Outcome) -> dict[str, object]:
        return {
            "fingerprint": one.fingerprint,
            "fate": str(one.fate),
            "how": str(one.how),
            "reason": self._clean(one.reason).replace("\0", "").encode("utf-8", "replace").decode("utf-8"),
            "actor_id": one.actor_id,
            "actor": one.actor,
            "weighs": int(one.weighs),
            "at": one.at,
        }


def _executed(conn: sa.Connection, rows: Sequence[Mapping[str, object]]) -> None:
    conn.execute(_KEEP, rows)


def _count(conn: sa.Connection, row: sa.Row[Any], now: float) -> bool:
    """Mark it as learned from, unless another worker did, or its person or repository has said enough."""
    window = {"repo_id": row.repo_id, "actor_id": row.actor_id, "since": now - WINDOW_S}
    full = (
        conn.execute(_COUNTED_BY, window).scalar_one() >= PERSON_COUNTED_MAX
        or conn.execute(_COUNTED_IN, window).scalar_one() >= REPOSITORY_COUNTED_MAX
    )
    said = "bounded" if full else "right" if rightness(Fate(row.fate)) else "wrong"
    key = {"repo_id": row.repo_id, "number": row.number, "fingerprint": row.fingerprint}
    mine = conn.execute(_COUNT, {**key, "counted": said, "now": now}).first() is not None
    return mine and not full


def _observed(row: sa.Row[Any], kind: str) -> Iterator[Observation]:
    right = float(bool(rightness(Fate(row.fate))))
    for model in _speakers(json.loads(row.sources)):
        yield Observation(model, kind, outcome=right)


def _speakers(sources: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(sorted({name for kind, name, _ in sources if kind == "model"}))


def _outcome(row: sa.Row[Any]) -> Outcome:
    return Outcome(
        row.fingerprint,
        Fate(row.fate),
        How(row.how),
        row.at,
        row.actor_id,
        row.actor,
        row.reason,
        bool(row.weighs),
    )


def _labelled(row: sa.Row[Any]) -> Labelled:
    speakers, text = _speakers(json.loads(row.sources)), f"{row.title}\n\n{row.description}"
    return Labelled(speakers, row.aspect, row.severity, row.rule, text, Fate(row.fate), How(row.how))
