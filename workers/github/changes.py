"""The changed files of a pull request, every one accounted for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pydantic import BaseModel, Field

from workers.domain.change import ChangedFile, FileStatus, Hunk, Omission, PullRequest
from workers.domain.errors import TransientError
from workers.github.pull_requests import read_head
from workers.github.rest import RestClient

ParsePatch = Callable[[str], tuple[Hunk, ...]]
PAGE_SIZES = (50, 10, 1)
"""Above 50 GitHub loses patches. A page whose patches reach about 20,000 lines shows the rest of its files as if they
were empty; smaller pages show them."""
LISTED_MAX = 3000
SUBPROJECT = re.compile(r"[+-]Subproject commit [0-9a-f]{7,64}(?:-dirty)?")


class FileRow(BaseModel):
    """One entry of `GET /pulls/{n}/files`."""

    filename: str
    status: FileStatus
    sha: str | None = None
    previous_filename: str | None = None
    additions: int = 0
    deletions: int = 0
    changes: int = 0
    patch: str | None = None
    is_hidden: bool = Field(default=False, exclude=True)  # ours: GitHub does not say

    @property
    def is_blank(self) -> bool:
        """No patch and no counts: binary, empty, mode only, or hidden by the page's size; the row does not say."""
        return not self.patch and self.changes == 0 and self.status in (FileStatus.ADDED, FileStatus.MODIFIED)


async def read_files(
    client: RestClient,
    pull: PullRequest,
    files_max: int,
    parse_patch: ParsePatch,
    *,
    rereads_max: int = 300,
) -> tuple[ChangedFile, ...]:
    """Every file that GitHub lists (at most 3,000), in its order, each with hunks or with the reason why not.

    Files after the first `files_max` are named with Omission.BEYOND_LIMIT. `parse_patch` raises ValueError for
    text that is no patch. No file has `text` yet. Raises TransientError when the head moved meanwhile: the list
    would be of another commit than `pull` names.
    """
    path = f"/repos/{pull.full_name}/pulls/{pull.number}/files"
    uncovering = _Uncovering(client, path, rereads_max)
    files: list[ChangedFile] = []
    pages_max = LISTED_MAX // PAGE_SIZES[0]
    async for page in client.pages(path, {"per_page": PAGE_SIZES[0]}, pages_max=pages_max):
        rows = [FileRow.model_validate(row) for row in page]
        room = max(files_max - len(files), 0)
        read = await uncovering.rows(rows[:room], len(files))
        files += [changed_file(row, parse_patch) for row in read]
        files += [_beyond(row) for row in rows[room:]]
    await _check_head(client, pull)
    return tuple(files)


async def _check_head(client: RestClient, pull: PullRequest) -> None:
    if await read_head(client, pull.full_name, pull.number) != pull.head_sha:
        raise TransientError(
            f"{pull.full_name}#{pull.number}: the head moved while its files were read.", retry_after_s=1.0
        )


def unlisted_count(pull: PullRequest, files: Sequence[ChangedFile]) -> int:
    """How many changed files GitHub counts but does not list (it stops at 3,000)."""
    return max(pull.changed_files - len(files), 0)


def hidden(rows: Sequence[FileRow]) -> range:
    """Indices of blank rows that the page's size may have emptied: those after the last row that shows anything.

    With nothing shown before them, no patch can have used the page up: then they are blank in truth.
    """
    shown = [index for index, row in enumerate(rows) if not row.is_blank]
    start = shown[-1] + 1 if any(rows[index].patch for index in shown) else len(rows)
    return range(start, len(rows))


class _Uncovering:
    """Reads hidden rows again in smaller pages, with at most `requests_max` requests a pull request."""

    def __init__(self, client: RestClient, path: str, requests_max: int) -> None:
        self._client = client
        self._path = path
        self._left = requests_max

    async def rows(
        self, rows: list[FileRow], start: int, page_sizes: Sequence[int] = PAGE_SIZES[1:]
    ) -> list[FileRow]:
        """`rows` (number `start` and following of the list), the hidden ones as smaller pages show them."""
        suspects = hidden(rows)
        if not suspects or not page_sizes:
            return rows
        size, smaller = page_sizes[0], page_sizes[1:]
        found = list(rows)
        for page in range((start + suspects.start) // size, (start + suspects.stop - 1) // size + 1):
            if self._left < 1:
                return _marked(found, suspects)
            _merge(found, await self.rows(await self._page(page, size), page * size, smaller))
        return found

    async def _page(self, page: int, size: int) -> list[FileRow]:
        self._left -= 1
        content = await self._client.get(self._path, {"per_page": size, "page": page + 1})
        return [FileRow.model_validate(row) for row in content]


def _merge(rows: list[FileRow], again: Sequence[FileRow]) -> None:
    """Put what a smaller page shows in the place of blank rows; by name, as a push can move rows meanwhile."""
    shown = {row.filename: row for row in again if not row.is_blank or row.is_hidden}
    for index, row in enumerate(rows):
        if row.is_blank and row.filename in shown:
            rows[index] = shown[row.filename]


def _marked(rows: Sequence[FileRow], suspects: range) -> list[FileRow]:
    """`rows` with those marked of which it stays unknown whether GitHub hides them."""
    unknown = {index for index in suspects if rows[index].is_blank}
    return [
        row.model_copy(update={"is_hidden": True}) if index in unknown else row
        for index, row in enumerate(rows)
    ]


def changed_file(row: FileRow, parse_patch: ParsePatch) -> ChangedFile:
    """One row as a changed file: with its hunks, or with why there is nothing to read."""
    hunks, broken = _hunks(row, parse_patch)
    omitted, detail = (Omission.UNREADABLE, broken) if broken else _omission(row)
    return ChangedFile(
        path=row.filename,
        status=row.status,
        hunks=hunks,
        old_path=row.previous_filename,
        additions=row.additions,
        deletions=row.deletions,
        blob_sha=row.sha,
        omitted=omitted,
        detail=detail,
    )


def _hunks(row: FileRow, parse_patch: ParsePatch) -> tuple[tuple[Hunk, ...], str]:
    try:
        return (parse_patch(row.patch) if row.patch else (), "")
    except ValueError as error:
        return (), f"GitHub's patch can't be parsed: {error}"


def _omission(row: FileRow) -> tuple[Omission | None, str]:
    """Why `row` can't be reviewed, if so. Blank rows count as binary until their content says otherwise."""
    if row.status is FileStatus.REMOVED:
        return Omission.REMOVED, ""
    if row.patch:
        return (Omission.SUBMODULE, "") if _is_submodule(row.patch) else (None, "")
    if row.is_hidden:
        return Omission.NO_PATCH, "GitHub hides it behind other files' long patches"
    if row.changes:
        return Omission.NO_PATCH, f"{row.changes} changed lines; GitHub shows no diff of files this large"
    return (Omission.BINARY if row.is_blank else Omission.NO_CONTENT_CHANGE), ""


def _is_submodule(patch: str) -> bool:
    marked = [line for line in patch.split("\n") if line[:1] in ("+", "-")]
    return bool(marked) and all(SUBPROJECT.fullmatch(line) for line in marked)


def _beyond(row: FileRow) -> ChangedFile:
    return ChangedFile(
        path=row.filename,
        status=row.status,
        old_path=row.previous_filename,
        additions=row.additions,
        deletions=row.deletions,
        blob_sha=row.sha,
        omitted=Omission.BEYOND_LIMIT,
    )
