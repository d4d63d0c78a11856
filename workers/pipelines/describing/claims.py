"""What of a description can be looked up: the files and issues that it names. Nobody's opinion, and no model's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from workers.analysis.languages import language_of
from workers.domain.change import Change
from workers.domain.description import IssueCheck
from workers.pipelines.describing.answer import IssueSaid, Said
from workers.pipelines.describing.issues import SHOWN
from workers.pipelines.describing.values import DescribeRequest

_CODE = re.compile(r"`([\w./@+-]{1,400})`")
_ISSUE = re.compile(r"(?<![\w/])#(\d{1,9})\b")


def claims_of(
    said: Said, shown: Collection[str], issues: Sequence[IssueCheck], request: DescribeRequest
) -> Iterator[bool]:
    """For each claim whether it holds: a file is one of those that were `shown`, an issue is linked and what is said of
    it was proved, and files and issues that its sentences name are known to the change or the repository.
    """
    change, checks = request.change, {one.number: one for one in issues}
    yield from (one.path in shown for one in said.files)
    yield from (_stands(one, checks.get(one.number)) for one in said.issues)
    sentences = "\n".join((*said.bullets, *(one.what for one in said.files)))
    own = (path for one in change.files for path in (one.path, one.old_path) if path)
    paths = frozenset((*own, *request.snapshot.files))
    named = dict.fromkeys(word for word in _CODE.findall(sentences) if language_of(word) is not None)
    yield from (_is_known(word, paths) for word in named)
    numbers = _known_issues(change)
    yield from (number in numbers for number in dict.fromkeys(_ISSUE.findall(sentences)))


def _stands(said: IssueSaid, check: IssueCheck | None) -> bool:
    """What was claimed to be done and could not be shown was taken back."""
    return check is not None and (said.state not in SHOWN or check.met in SHOWN)


def _is_known(word: str, paths: Collection[str]) -> bool:
    plain = word.removeprefix("./")
    return plain in paths or any(path.endswith(f"/{plain}") for path in paths)


def _known_issues(change: Change) -> frozenset[str]:
    """Numbers that the pull request's own words name, or that are linked."""
    own = "\n".join((change.title, change.body, *change.commits))
    return frozenset((*_ISSUE.findall(own), *(str(one.number) for one in change.linked)))
