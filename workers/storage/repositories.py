"""Repositories as their events tell them: a rename, a transfer and an end reach the work that is wanted there."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from workers.domain.work import RepositorySeen
from workers.storage.wants import OPEN, RAISE, WITHDRAW

# That an installation may not see it any more is news only while the repository is that installation's: after a
# transfer, the old one's farewell may come last.
NOTE = sa.text(
    """
INSERT INTO repository (id, installation_id, full_name, state, default_branch)
VALUES (:id, :installation_id, :full_name, :state, :default_branch)
ON CONFLICT (id) DO UPDATE SET
  installation_id = excluded.installation_id,
  full_name = excluded.full_name,
  state = excluded.state,
  default_branch = CASE WHEN excluded.default_branch = '' THEN repository.default_branch
                        ELSE excluded.default_branch END
WHERE excluded.state <> 'removed' OR repository.installation_id = excluded.installation_id
"""
)

# What is true of the work now follows from the repository's row, whatever it was before.
MOVE = sa.text(
    f"""
INSERT INTO work (key, installation_id, repo_id, number, pipeline, full_name, wanted_gen, forced_gen,
                  priority, cause, head_sha_hint, first_wanted_at, not_before)
SELECT CAST(home.installation_id AS TEXT) || ':' || CAST(work.repo_id AS TEXT) || ':'
         || CAST(work.number AS TEXT) || ':' || work.pipeline,
       home.installation_id, work.repo_id, work.number, work.pipeline, home.full_name, 1,
       CASE WHEN work.forced_gen > work.done_gen THEN 1 ELSE 0 END,
       work.priority, work.cause, work.head_sha_hint, CAST(:now AS DOUBLE PRECISION), CAST(:now AS DOUBLE PRECISION)
FROM work JOIN repository AS home ON home.id = work.repo_id
WHERE work.repo_id = :id AND work.installation_id <> home.installation_id AND home.state = 'active' AND {OPEN}
ORDER BY work.number, work.pipeline
{RAISE}
"""  # noqa: S608 - composed of constants
)

WITHDRAW_GONE = sa.text(
    f"""
{WITHDRAW}
WHERE repo_id = :id AND {OPEN} AND EXISTS (
  SELECT 1 FROM repository AS home WHERE home.id = work.repo_id
    AND (home.installation_id <> work.installation_id OR home.state <> 'active'))
"""  # noqa: S608 - composed of constants
)

RENAME = sa.text(
    f"""
UPDATE work SET full_name = (SELECT home.full_name FROM repository AS home WHERE home.id = work.repo_id)
WHERE repo_id = :id AND {OPEN}
  AND full_name <> (SELECT home.full_name FROM repository AS home WHERE home.id = work.repo_id)
"""  # noqa: S608 - composed of constants
)

# Generations count anew at the new key, so any review there is the one that a command waits for.
FOLLOW = sa.text(
    """
UPDATE command SET awaited_gen = 0, installation_id =
  (SELECT home.installation_id FROM repository AS home WHERE home.id = command.repo_id)
WHERE repo_id = :id AND progress IN ('wanted', 'waiting') AND installation_id <>
  (SELECT home.installation_id FROM repository AS home WHERE home.id = command.repo_id)
"""
)


def note_repositories(conn: sa.Connection, seen: Sequence[RepositorySeen], now: float) -> None:
    """Store the latest news of each repository, in the caller's transaction; the last one of an id counts.

    Its open work is renamed, moved to another installation, or cancelled with it. `now` in epoch seconds.
    """
    if not seen:
        return
    conn.execute(NOTE, [_row(item) for item in sorted(seen, key=lambda item: item.repo_id)])
    ids = sorted({item.repo_id for item in seen})
    conn.execute(MOVE, [{"id": repo_id, "now": now} for repo_id in ids])
    conn.execute(WITHDRAW_GONE, [{"id": repo_id, "cause": "repository"} for repo_id in ids])
    conn.execute(RENAME, [{"id": repo_id} for repo_id in ids])
    conn.execute(FOLLOW, [{"id": repo_id} for repo_id in ids])


def _row(item: RepositorySeen) -> dict[str, object]:
    return {
        "id": item.repo_id,
        "installation_id": item.installation_id,
        "full_name": item.full_name,
        "state": item.state,
        "default_branch": item.default_branch,
    }
