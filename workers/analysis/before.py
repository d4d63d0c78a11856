"""The text of a file before a change, from the text after it and the hunks."""

from __future__ import annotations

from workers.domain.change import ChangedFile, FileStatus


def text_before(file: ChangedFile) -> str | None:
    """The old text; "" for an added file; None when the new text is unknown or the hunks don't fit it."""
    if file.status is FileStatus.ADDED:
        return ""
    if file.text is None:
        return None
    new, old, at = file.text.split("\n"), [], 0
    for hunk in file.hunks:
        first = hunk.new_start - 1 if hunk.new_count else hunk.new_start
        if not at <= first <= len(new):
            return None
        old += new[at:first]
        old += [line[1:] for line in hunk.lines if line[:1] in ("-", " ")]
        at = first + hunk.new_count
    return "\n".join([*old, *new[at:]])
