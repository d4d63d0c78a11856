"""What a check run may say: GitHub's caps on output, annotations and actions."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.errors import ApiError, malformed

TEXT_MAX = 65_535
ANNOTATIONS_MAX = 50
TITLE_MAX = 255
MESSAGE_MAX_BYTES = 64 * 1024
ACTIONS_MAX = 3
_ACTION_MAX = {"label": 20, "description": 40, "identifier": 20}
_LEVELS = ("notice", "warning", "failure")


def read_output(output: dict[str, Any]) -> dict[str, str | None]:
    """Title, summary and text, or 422."""
    for name in ("title", "summary"):
        if not isinstance(output.get(name), str):
            raise malformed(f'"{name}" wasn\'t supplied.')
    for name in ("summary", "text"):
        value = output.get(name)
        if value is not None and len(str(value)) > TEXT_MAX:
            raise malformed(f"Only {TEXT_MAX} characters are allowed; {len(str(value))} were supplied.")
    return {name: output[name] for name in ("title", "summary", "text") if output.get(name) is not None}


def read_annotations(output: dict[str, Any]) -> list[dict[str, Any]]:
    """The annotations of one request, or 422."""
    rows = output.get("annotations") or []
    if len(rows) > ANNOTATIONS_MAX:
        raise malformed(f"No more than {ANNOTATIONS_MAX} items are allowed; {len(rows)} were supplied.")
    return [_annotation(row) for row in rows]


def _annotation(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise malformed(f"For 'items', {row!r} is not an object.")
    for name, kind in (("path", str), ("start_line", int), ("end_line", int), ("message", str)):
        if not isinstance(row.get(name), kind):
            raise malformed(f'"{name}" wasn\'t supplied.')
    if row.get("annotation_level") not in _LEVELS:
        raise malformed(f"{row.get('annotation_level')!r} is not a member of {list(_LEVELS)}.")
    _lengths(row)
    columns = {"start_column", "end_column"} & row.keys()
    if row["start_line"] < 1 or row["end_line"] < row["start_line"]:
        raise ApiError(422, "Invalid request.\n\nend_line must not precede start_line.")
    if columns and row["start_line"] != row["end_line"]:
        raise malformed("start_column and end_column are allowed only when start_line equals end_line.")
    known = (
        "path",
        "start_line",
        "end_line",
        "start_column",
        "end_column",
        "annotation_level",
        "message",
        "title",
        "raw_details",
    )
    return {name: row[name] for name in known if name in row}


def _lengths(row: dict[str, Any]) -> None:
    if not row["message"]:
        raise malformed("message can't be empty.")
    for name in ("message", "raw_details"):
        if len(str(row.get(name, "")).encode()) > MESSAGE_MAX_BYTES:
            raise malformed(f"{name} exceeds a maximum bytesize of {MESSAGE_MAX_BYTES}.")
    if len(str(row.get("title", ""))) > TITLE_MAX:
        raise malformed(f"Only {TITLE_MAX} characters are allowed; title is longer.")


def read_actions(rows: list[Any] | None) -> list[dict[str, str]] | None:
    """Buttons of the check run, or 422."""
    if rows is None:
        return None
    if len(rows) > ACTIONS_MAX:
        raise malformed(f"No more than {ACTIONS_MAX} items are allowed; {len(rows)} were supplied.")
    for row in rows:
        if not isinstance(row, dict):
            raise malformed(f"For 'items', {row!r} is not an object.")
        for name, longest in _ACTION_MAX.items():
            if not isinstance(row.get(name), str):
                raise malformed(f'"{name}" wasn\'t supplied.')
            if len(row[name]) > longest:
                raise malformed(f"Only {longest} characters are allowed; {name} has {len(row[name])}.")
    return rows
