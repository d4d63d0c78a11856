"""What people wrote and pressed, as events tell it: commands, each kept once, and threads as they stand."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from workers.domain.command import CommandSeen, Progress, Source
from workers.domain.work import ThreadSeen

KEEP_COMMAND = sa.text(
    """
INSERT INTO command (id, installation_id, repo_id, number, full_name, source, source_id, thread_id, actor_id,
                     actor, from_bot, bare, name, arguments, problem, progress, wanted_at)
VALUES (:id, :installation_id, :repo_id, :number, :full_name, :source, :source_id, :thread_id, :actor_id,
        :actor, :from_bot, :bare, :name, :arguments, :problem, :progress, :now)
ON CONFLICT (id) DO NOTHING
"""
)

NOTE_THREAD = sa.text(
    """
INSERT INTO thread (repo_id, comment_id, number, resolved, actor_id, actor, at)
VALUES (:repo_id, :comment_id, :number, :resolved, :actor_id, :actor, :now)
ON CONFLICT (repo_id, comment_id) DO UPDATE SET
  number = excluded.number, resolved = excluded.resolved, actor_id = excluded.actor_id,
  actor = excluded.actor, at = excluded.at
"""
)


def command_id(guid: str, seen: CommandSeen) -> str:
    """What makes it one command: its comment; a button may be pressed again, so there it is the delivery."""
    return f"{seen.source}:{guid if seen.source is Source.BUTTON else seen.source_id}"


def note_commands(conn: sa.Connection, seen: Sequence[tuple[str, CommandSeen]], now: float) -> None:
    """Keep each command, with the GUID of its delivery, unless it is known; in the caller's transaction."""
    if seen:
        rows = [_command(command_id(guid, item), item, now) for guid, item in seen]
        conn.execute(KEEP_COMMAND, sorted(rows, key=lambda row: str(row["id"])))


def note_threads(conn: sa.Connection, seen: Sequence[ThreadSeen], now: float) -> None:
    """Store how each thread stands, in the caller's transaction; the last news of a thread counts."""
    if seen:
        ordered = sorted(seen, key=lambda item: (item.repo_id, item.comment_id))
        conn.execute(NOTE_THREAD, [_thread(item, now) for item in ordered])


def _command(identity: str, seen: CommandSeen, now: float) -> dict[str, object]:
    return {
        "id": identity,
        "installation_id": seen.installation_id,
        "repo_id": seen.repo_id,
        "number": seen.number,
        "full_name": seen.full_name,
        "source": str(seen.source),
        "source_id": seen.source_id,
        "thread_id": seen.thread_id,
        "actor_id": seen.actor_id,
        "actor": seen.actor,
        "from_bot": int(seen.from_bot),
        "bare": int(seen.bare),
        "name": seen.name,
        "arguments": seen.arguments,
        "problem": seen.problem,
        "progress": str(Progress.WANTED),
        "now": now,
    }


def _thread(seen: ThreadSeen, now: float) -> dict[str, object]:
    return {
        "repo_id": seen.repo_id,
        "comment_id": seen.comment_id,
        "number": seen.number,
        "resolved": int(seen.resolved),
        "actor_id": seen.actor_id,
        "actor": seen.actor,
        "now": now,
    }
