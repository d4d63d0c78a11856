"""The statements about a claim: take the fairest ready row, and move it on under its token."""

from __future__ import annotations

import sqlalchemy as sa

# Ready: wanted, not given up, not leased, due, and its installation neither suspended, deleted nor parked.
READY = """
  work.wanted_gen > work.done_gen AND work.wanted_gen > work.dead_gen
  AND work.lease_until <= :now AND work.not_before <= :now
  AND NOT EXISTS (SELECT 1 FROM installation WHERE installation.id = work.installation_id
                  AND (installation.state <> 'active' OR installation.parked_until > :now))
"""

# An expired lease still has its token: the worker that held it recorded nothing, so it crashed.
_CLAIM = f"""
WITH running AS {{materialized}} (
  SELECT installation_id, count(*) AS held FROM work WHERE lease_until > :now GROUP BY installation_id
), fairest AS {{materialized}} (
  SELECT work.key FROM work LEFT JOIN running ON running.installation_id = work.installation_id
  WHERE {READY}
  ORDER BY coalesce(running.held, 0), work.priority, work.first_wanted_at, work.key LIMIT 1 {{locking}}
)
UPDATE work SET
  crashes = CASE WHEN claimed_gen <> wanted_gen THEN 0 WHEN lease_token <> '' THEN crashes + 1
                 ELSE crashes END,
  attempts = CASE WHEN claimed_gen = wanted_gen THEN attempts ELSE 0 END,
  claimed_gen = wanted_gen, lease_until = :until, lease_token = :token
WHERE key = (SELECT key FROM fairest)
RETURNING key, wanted_gen, full_name, cause, forced_gen > done_gen AS forced, attempts, crashes,
          head_sha_hint, last_error
"""  # noqa: S608 - composed of constants

CLAIM = {
    "sqlite": sa.text(_CLAIM.format(materialized="", locking="")),
    "postgresql": sa.text(
        _CLAIM.format(materialized="MATERIALIZED", locking="FOR UPDATE OF work SKIP LOCKED")
    ),
}

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

# A generation wanted meanwhile keeps its own start and its own count.
PUT_OFF = sa.text(
    """
UPDATE work SET lease_until = 0, lease_token = '', last_error = :error,
  attempts = CASE WHEN wanted_gen = :generation THEN :attempts ELSE 0 END,
  crashes = CASE WHEN wanted_gen = :generation THEN :crashes ELSE 0 END,
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
