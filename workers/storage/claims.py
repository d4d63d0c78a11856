"""The statements about a claim: take the fairest ready row, and move it on under its token."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from workers.storage.wants import OPEN

# What this process has code for: a row that only a newer version knows waits for that one.
KNOWN = "work.pipeline IN (:pipelines)"

_DUE = f"{OPEN} AND work.lease_until <= :now AND work.not_before <= :now"

_HELD_UP = """
  EXISTS (SELECT 1 FROM installation WHERE installation.id = {id}
          AND (installation.state <> 'active' OR installation.parked_until > :now))
"""

# Ready: open, not leased, due, and its installation neither suspended, deleted nor parked.
READY = f"{_DUE} AND NOT {_HELD_UP.format(id='work.installation_id')}"

_FIRST = f"""
  SELECT work.key FROM work WHERE work.installation_id = {{id}} AND {_DUE} AND {KNOWN}
  ORDER BY work.priority, work.first_wanted_at, work.key LIMIT 1
"""  # noqa: S608 - composed of constants

# One step along the index for each installation, and one more for its first row: the backlog is never sorted.
_CANDIDATES = f"""
WITH RECURSIVE opened (id) AS (
  SELECT min(installation_id) FROM work WHERE {OPEN}
  UNION ALL
  SELECT (SELECT min(installation_id) FROM work WHERE installation_id > opened.id AND {OPEN})
  FROM opened WHERE opened.id IS NOT NULL
), candidate AS {{materialized}} (
  SELECT opened.id,
    (SELECT count(*) FROM work WHERE installation_id = opened.id AND lease_until > 0 AND lease_until > :now) AS held,
    ({_FIRST.format(id="opened.id")}) AS key
  FROM opened WHERE opened.id IS NOT NULL AND NOT {_HELD_UP.format(id="opened.id")}
)
"""  # noqa: S608 - composed of constants

_FAIREST = f"""
  SELECT {{columns}} FROM candidate JOIN work ON work.key = candidate.key WHERE {_DUE}
  ORDER BY candidate.held, work.priority, work.first_wanted_at, work.key
"""  # noqa: S608 - composed of constants

# An expired lease still has its token: the worker that held it recorded nothing, so it crashed.
_TAKE = """
UPDATE work SET
  crashes = CASE WHEN claimed_gen <> wanted_gen THEN 0 WHEN lease_token <> '' THEN crashes + 1
                 ELSE crashes END,
  attempts = CASE WHEN claimed_gen = wanted_gen THEN attempts ELSE 0 END,
  claimed_gen = wanted_gen, lease_until = :until, lease_token = :token
WHERE key = ({chosen})
RETURNING key, wanted_gen, full_name, cause, forced_gen > done_gen AS forced, attempts, crashes,
          head_sha_hint, last_error
"""

_SQLITE = _CANDIDATES.format(materialized="") + _TAKE.format(
    chosen=_FAIREST.format(columns="work.key") + "LIMIT 1"
)

# Who finds that others are taking the first row of every installation takes the next of the fairest.
_POSTGRESQL = f"""
{_CANDIDATES.format(materialized="MATERIALIZED")}
, first AS MATERIALIZED (
  {_FAIREST.format(columns="work.key")} LIMIT 1 FOR UPDATE OF work SKIP LOCKED
), next AS MATERIALIZED (
  SELECT beside.key FROM ({_FAIREST.format(columns="candidate.id")}) AS ranked
  CROSS JOIN LATERAL ({_FIRST.format(id="ranked.id")} FOR UPDATE SKIP LOCKED) AS beside
  WHERE NOT EXISTS (SELECT 1 FROM first) LIMIT 1
)
{_TAKE.format(chosen="SELECT key FROM first UNION ALL SELECT key FROM next")}
"""  # noqa: S608 - composed of constants

CLAIM = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


PIPELINES = ("review", "command", "describe", "improve", "outcomes", "docs", "tests", "audit")
"""What this version does; rows of any other wait for one that does them."""


def of_pipelines(statement: str, pipelines: Sequence[str]) -> sa.TextClause:
    """The statement with `KNOWN` in it, for these pipelines; at least one."""
    values = {f"pipeline_{position}": name for position, name in enumerate(pipelines)}
    names = ", ".join(f":{name}" for name in values)
    return sa.text(statement.replace(":pipelines", names)).bindparams(**values)


BEAT = sa.text(
    "UPDATE work SET lease_until = :until WHERE key = :key AND lease_token = :token RETURNING wanted_gen"
)

FINISH = sa.text(
    """
UPDATE work SET lease_until = 0, lease_token = '', attempts = 0, crashes = 0, last_error = '',
  done_head_sha = :head_sha, done_gen = CASE WHEN done_gen < :generation THEN :generation ELSE done_gen END
WHERE key = :key AND lease_token = :token RETURNING key
"""
)

RELEASE = sa.text(
    "UPDATE work SET lease_until = 0, lease_token = '' WHERE key = :key AND lease_token = :token RETURNING key"
)

# Of whoever has taken an expired lease meanwhile, which counted as a crash: it was a try that came to nothing.
FORGIVE = sa.text(
    """
UPDATE work SET crashes = crashes - 1, attempts = attempts + 1
WHERE key = :key AND claimed_gen = :generation AND lease_token <> :token AND crashes > 0
"""
)

FAILURES = sa.text("SELECT attempts, crashes FROM work WHERE key = :key AND lease_token = :token")

# A generation wanted meanwhile keeps its own start and its own count.
PUT_OFF = sa.text(
    """
UPDATE work SET lease_until = 0, lease_token = '', last_error = :error,
  attempts = CASE WHEN wanted_gen = :generation THEN attempts + :tried ELSE 0 END,
  crashes = CASE WHEN wanted_gen = :generation THEN crashes + :crashed ELSE 0 END,
  not_before = CASE WHEN wanted_gen = :generation THEN :not_before ELSE not_before END
WHERE key = :key AND lease_token = :token RETURNING key
"""
)

BURY = sa.text(
    """
UPDATE work SET lease_until = 0, lease_token = '', dead_gen = :generation, last_error = :error
WHERE key = :key AND lease_token = :token RETURNING wanted_gen
"""
)

MOURN = sa.text(
    """
INSERT INTO dead (work_key, generation, error, at) VALUES (:key, :generation, :error, :now)
ON CONFLICT (work_key, generation) DO NOTHING
"""
)

PARK = sa.text(
    """
INSERT INTO installation (id, account_id, account, parked_until, parked_why)
VALUES (:installation_id, 0, '', :until, :why)
ON CONFLICT (id) DO UPDATE SET
  parked_why = CASE WHEN excluded.parked_until > installation.parked_until THEN excluded.parked_why
                    ELSE installation.parked_why END,
  parked_until = CASE WHEN excluded.parked_until > installation.parked_until THEN excluded.parked_until
                      ELSE installation.parked_until END
"""
)
