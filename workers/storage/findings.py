"""What was said on a pull request and what became of it, in the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from workers.domain.adjudication import Earlier, Fate, ReadFile, Round
from workers.domain.finding import Aspect, Finding, Severity, Source, State
from workers.domain.outcome import declined_by
from workers.domain.secrets import redact
from workers.storage.database import Database

FINDINGS_MAX = 1_000
"""So many findings of a pull request are compared with a new round, those that were judged last."""
FILES_MAX = 3_000
"""Files beyond that count as not read."""

_FINDINGS = sa.text(
    """
SELECT finding.*, dismissal.reason AS dismissed,
  outcome.fate AS heard, outcome.actor AS heard_of, outcome.reason AS heard_why
FROM finding LEFT JOIN dismissal ON dismissal.repo_id = finding.repo_id AND dismissal.number = finding.number
  AND dismissal.fingerprint = finding.fingerprint
LEFT JOIN outcome ON outcome.repo_id = finding.repo_id AND outcome.number = finding.number
  AND outcome.fingerprint = finding.fingerprint AND outcome.fate IN ('accepted', 'declined')
WHERE finding.repo_id = :repo_id AND finding.number = :number
ORDER BY finding.generation DESC, finding.path, finding.line, finding.fingerprint LIMIT :limit
"""
)

_ROUND = sa.text("SELECT * FROM review_round WHERE repo_id = :repo_id AND number = :number")

# No row comes back if a newer round was kept meanwhile; else the row is ours until the transaction ends.
_KEEP_ROUND = sa.text(
    """
INSERT INTO review_round (repo_id, number, generation, head_sha, base_sha, files, at)
VALUES (:repo_id, :number, :generation, :head_sha, :base_sha, :files, :at)
ON CONFLICT (repo_id, number) DO UPDATE SET
  generation = excluded.generation, head_sha = excluded.head_sha, base_sha = excluded.base_sha,
  files = excluded.files, at = excluded.at
WHERE review_round.generation <= excluded.generation
RETURNING generation
"""
)

_KEEP_FINDING = sa.text(
    """
INSERT INTO finding (repo_id, number, fingerprint, generation, said_generation, fate, reason, path, line, start_line,
  aspect, severity, rule, title, description, recommendation, evidence, confidence, sources, state, stood, others,
  said_at, changed_at)
VALUES (:repo_id, :number, :fingerprint, :generation, :generation, :fate, :reason, :path, :line, :start_line,
  :aspect, :severity, :rule, :title, :description, :recommendation, :evidence, :confidence, :sources, :state, :stood,
  :others, :at, :at)
ON CONFLICT (repo_id, number, fingerprint) DO UPDATE SET
  changed_at = CASE WHEN finding.fate = excluded.fate THEN finding.changed_at ELSE excluded.changed_at END,
  generation = excluded.generation, fate = excluded.fate, reason = excluded.reason, path = excluded.path,
  line = excluded.line, start_line = excluded.start_line, severity = excluded.severity, evidence = excluded.evidence,
  confidence = excluded.confidence, sources = excluded.sources, state = excluded.state, stood = excluded.stood,
  others = excluded.others
"""
)


def _without_credentials(text: str) -> str:
    return redact(text).text


class FindingStore:
    """The findings of pull requests. `now` gives epoch seconds.

    `clean` takes secrets out of what is kept, also those that a model was talked into repeating; by default what looks
    like a credential.
    """

    def __init__(
        self, database: Database, now: Callable[[], float], clean: Callable[[str], str] = _without_credentials
    ) -> None:
        self._database = database
        self._now = now
        self._clean = clean

    async def read(self, repo_id: int, number: int) -> tuple[Round | None, tuple[Earlier, ...]]:
        """The last round, and all that was said; what people dismissed says so, with their reason."""
        key = {"repo_id": repo_id, "number": number}

        def read(conn: sa.Connection) -> tuple[sa.Row[Any] | None, Sequence[sa.Row[Any]]]:
            rows = conn.execute(_FINDINGS, {**key, "limit": FINDINGS_MAX}).all()
            return conn.execute(_ROUND, key).first(), rows

        last, rows = await self._database.read(read)
        return (_round(last) if last is not None else None), tuple(map(_earlier, rows))

    async def keep(self, repo_id: int, number: int, done: Round, told: Sequence[Earlier]) -> bool:
        """Keep a round and what is known after it, in one transaction; the same twice is once.

        False: a newer round was kept already, and nothing was written.
        """
        key = {"repo_id": repo_id, "number": number, "at": self._now()}
        row = {**key, "generation": done.generation, "head_sha": done.head_sha, "base_sha": done.base_sha}
        rows = [{**key, "generation": done.generation, **_values(one, self._clean)} for one in told]

        def keep(conn: sa.Connection) -> bool:
            kept = conn.execute(_KEEP_ROUND, {**row, "files": _files(done.files)}).first() is not None
            if kept and rows:
                conn.execute(_KEEP_FINDING, rows)
            return kept

        return await self._database.write(keep)


def _round(row: sa.Row[Any]) -> Round:
    files = {
        path: ReadFile(blob, frozenset(tools), bool(model))
        for path, (blob, tools, model) in json.loads(row.files).items()
    }
    return Round(row.generation, row.head_sha, row.base_sha, files)


def _files(files: Mapping[str, ReadFile]) -> str:
    kept = sorted(files.items())[:FILES_MAX]
    return json.dumps({path: [one.blob_sha, sorted(one.tools), int(one.model)] for path, one in kept})


def _earlier(row: sa.Row[Any]) -> Earlier:
    finding = Finding(
        aspect=Aspect(row.aspect),
        severity=Severity(row.severity),
        rule=row.rule,
        path=row.path,
        title=row.title,
        description=row.description,
        recommendation=row.recommendation,
        line=row.line,
        start_line=row.start_line,
        evidence=row.evidence,
        confidence=row.confidence,
        sources=_sources(row.sources),
        state=State(row.state),
        fingerprint=row.fingerprint,
        stood=_sources(row.stood),
        others=tuple(json.loads(row.others)),
    )
    return Earlier(finding, *_fate(row))


def _fate(row: sa.Row[Any]) -> tuple[Fate, str]:
    """What people say of it now, if they do; what they said once and took back says nothing."""
    if row.dismissed is not None:
        return Fate.DISMISSED, row.dismissed
    kept, heard = Fate(row.fate), Fate(row.heard or Fate.OPEN)
    if heard is Fate.DECLINED:
        return heard, declined_by(row.heard_of, row.heard_why)
    if kept in (Fate.OPEN, Fate.ACCEPTED, Fate.DECLINED):
        return heard, ""
    return kept, row.reason


def _values(told: Earlier, clean: Callable[[str], str]) -> dict[str, object]:
    one = told.finding
    return {
        "fingerprint": one.fingerprint,
        "fate": str(told.fate),
        "reason": _storable(clean(told.reason)),
        "path": _storable(one.path),
        "line": one.line,
        "start_line": one.start_line,
        "aspect": str(one.aspect),
        "severity": str(one.severity),
        "rule": _storable(one.rule),
        "title": _storable(clean(one.title)),
        "description": _storable(clean(one.description)),
        "recommendation": _storable(clean(one.recommendation)),
        "evidence": _storable(clean(one.evidence)),
        "confidence": one.confidence,
        "sources": _listed(one.sources),
        "state": str(one.state),
        "stood": _listed(one.stood),
        "others": json.dumps(one.others),
    }


def _sources(text: str) -> tuple[Source, ...]:
    return tuple(Source(*one) for one in json.loads(text))


def _listed(sources: Iterable[Source]) -> str:
    return json.dumps([[source.kind, source.name, source.rule] for source in sources])


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and neither database half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
