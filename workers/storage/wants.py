"""What the receiver writes: a want raises a generation, a cancel takes it back. A few statements for many events."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from workers.domain.work import Cancel, Want

DEBOUNCE_MAX_S = 60.0

# Wanted and not given up: the condition of the index `work_ready`.
OPEN = "work.wanted_gen > work.done_gen AND work.wanted_gen > work.dead_gen"

# Once the wanted generation is done or was claimed, a want opens a new window of debouncing.
RAISE = """
ON CONFLICT (key) DO UPDATE SET
  wanted_gen = work.wanted_gen + 1,
  forced_gen = CASE WHEN excluded.forced_gen = 1 THEN work.wanted_gen + 1 ELSE work.forced_gen END,
  full_name = excluded.full_name,
  cause = excluded.cause,
  head_sha_hint = CASE WHEN excluded.head_sha_hint = '' THEN work.head_sha_hint
                       ELSE excluded.head_sha_hint END,
  priority = CASE WHEN work.wanted_gen > work.done_gen AND work.priority < excluded.priority
                  THEN work.priority ELSE excluded.priority END,
  first_wanted_at = CASE WHEN work.wanted_gen > work.done_gen AND work.wanted_gen > work.claimed_gen
                         THEN work.first_wanted_at ELSE excluded.first_wanted_at END,
  not_before = CASE WHEN work.wanted_gen > work.done_gen AND work.wanted_gen > work.claimed_gen
                         AND work.first_wanted_at + 60 < excluded.not_before
                    THEN work.first_wanted_at + 60 ELSE excluded.not_before END,
  last_error = ''
"""

BUMP = sa.text(
    f"""
INSERT INTO work (key, installation_id, repo_id, number, pipeline, full_name, wanted_gen, forced_gen,
                  priority, cause, head_sha_hint, first_wanted_at, not_before)
VALUES (:key, :installation_id, :repo_id, :number, :pipeline, :full_name, 1, :forced,
        :priority, :cause, :head_sha, :now, :not_before)
{RAISE}
"""  # noqa: S608 - composed of constants
)

WITHDRAW = "UPDATE work SET wanted_gen = wanted_gen + 1, done_gen = wanted_gen + 1, cause = :cause"

# A comment may close the pull request and give a command at once: commands are answered all the same. What is about
# the repository goes on, too.
OF_PULLS = "('review', 'describe', 'improve')"
"""Pipelines whose work is void once the pull request is closed."""

_AWAITED = """
EXISTS (SELECT 1 FROM command WHERE command.repo_id = work.repo_id AND command.number = work.number
  AND command.installation_id = work.installation_id AND command.awaited_pipeline = work.pipeline
  AND command.progress = 'waiting' AND command.ended_at IS NULL)
"""

# What somebody waits for stays wanted: its job finds the pull request closed, and tells them.
CANCEL = sa.text(
    f"""
UPDATE work SET wanted_gen = wanted_gen + 1, cause = :cause,
  done_gen = CASE WHEN {_AWAITED} THEN done_gen ELSE wanted_gen + 1 END
WHERE repo_id = :repo_id AND number = :number AND installation_id = :installation_id
  AND pipeline IN {OF_PULLS}
"""  # noqa: S608 - composed of constants
)

CANCEL_ALL = sa.text(f"{WITHDRAW} WHERE installation_id = :installation_id AND {OPEN}")


def bump(conn: sa.Connection, wants: Sequence[Want], now: float) -> None:
    """Raise the wanted generation of each want's key, in the caller's transaction. `now` in epoch seconds.

    A delayed want starts `delay_s` after the last one of its window, at most 60 s after the first.
    """
    if wants:
        # Always in the order of keys, so that two transactions can't wait for each other.
        conn.execute(BUMP, [_row(want, now) for want in sorted(wants, key=_order)])


def cancel(conn: sa.Connection, cancels: Sequence[Cancel]) -> None:
    """Want nothing more of these pull requests: running work sees a newer generation, and nothing is claimed but what
    a command waits for.
    """
    if cancels:
        ordered = sorted(cancels, key=lambda item: (item.installation_id, item.repo_id, item.number))
        rows = [
            {
                "installation_id": item.installation_id,
                "repo_id": item.repo_id,
                "number": item.number,
                "cause": item.cause,
            }
            for item in ordered
        ]
        conn.execute(CANCEL, rows)


def cancel_all(conn: sa.Connection, installation_ids: Sequence[int], cause: str) -> None:
    """Want nothing more of these installations, in the caller's transaction."""
    if installation_ids:
        ordered = sorted(installation_ids)
        conn.execute(CANCEL_ALL, [{"installation_id": one, "cause": cause} for one in ordered])


def _order(want: Want) -> tuple[int, int, int, str]:
    key = want.key
    return key.installation_id, key.repo_id, key.number, key.pipeline


def _row(want: Want, now: float) -> dict[str, object]:
    key = want.key
    return {
        "key": str(key),
        "installation_id": key.installation_id,
        "repo_id": key.repo_id,
        "number": key.number,
        "pipeline": key.pipeline,
        "full_name": want.full_name,
        "forced": int(want.forced),
        "priority": int(want.priority),
        "cause": want.cause,
        "head_sha": want.head_sha,
        "now": now,
        "not_before": now + min(want.delay_s, DEBOUNCE_MAX_S),
    }
