"""A pull request that changes a file of rules is told what merging it would do, and judged by the base's all the same."""

from __future__ import annotations

import pytest

from config.layers import Layer, Source, effective
from config.operator import OperatorRules
from workers.domain.change import Change, ChangedFile, FileStatus, Omission
from workers.jobs.proposing import LAST_VALID, Proposal
from workers.jobs.rules import LayerCache, Place, Rules

ORGANISATION = Layer(Source.ORGANISATION, "acme/.github/quorum.yml", {"review": {"findings_max": 7}})
REPOSITORY = Layer(Source.REPOSITORY, ".github/quorum.yml@1a2b3c4", {"review": {"inline_max": 3}})
BASE = "This review went by the base's rules."
MAIN, OTHER, ALL = ".github/quorum.yml", ".quorum.yml", "quorum.yml"
MODIFIED, REMOVED, RENAMED = FileStatus.MODIFIED, FileStatus.REMOVED, FileStatus.RENAMED


def written(path: str, text: str) -> ChangedFile:
    return ChangedFile(path, MODIFIED, text=text)


def told(*files: ChangedFile, path: str = MAIN, name: str = "acme/shop") -> list[str]:
    """What is said of a change; `path` is the file that stands at the base."""
    layers = (ORGANISATION, REPOSITORY) if path else (ORGANISATION,)
    found = effective(layers, OperatorRules())
    rules = Rules(found.config, "", (), found, layers, path)
    return [*Proposal(rules, name, Change("b" * 40, "a" * 40, files), OperatorRules()).told()]


@pytest.mark.parametrize(
    ("files", "path", "said"),
    [
        ((written("shop.py", "A = 1\n"),), MAIN, []),
        ((written(MAIN, "review: {inline_max: 3}\n"),), MAIN,
         ["`.github/quorum.yml` is valid; merging it changes no value that is in force."]),
        ((written(MAIN, "review: {inline_max: 20}\n"),), MAIN,
         ["`.github/quorum.yml` is valid; once merged it changes: `review.inline_max`: 3 → 20. " + BASE]),
        ((written(MAIN, "review: {inline_mx: 20}\n"),), MAIN,
         ["`.github/quorum.yml` can't be used: line 1, column 10, `review.inline_mx`: is not a key. "
          "Did you mean `inline_max`? " + LAST_VALID]),
        ((ChangedFile(MAIN, MODIFIED, omitted=Omission.TOO_LARGE),), MAIN,
         ["`.github/quorum.yml` can't be read: too large. " + LAST_VALID]),
        ((written(OTHER, "review: {inline_max: 20}\n"),), MAIN,
         ["`.quorum.yml` is not read as long as there is `.github/quorum.yml`."]),
        ((written(OTHER, "review: {inline_max: 20}\n"),), "",
         ["`.quorum.yml` is valid; once merged it changes: `review.inline_max`: 8 → 20. " + BASE]),
        ((ChangedFile(MAIN, REMOVED),), MAIN,
         ["`.github/quorum.yml` is taken away; once merged it changes: `review.inline_max`: 3 → 8. " + BASE]),
        ((ChangedFile("notes.yml", RENAMED, old_path=MAIN, text=""),), MAIN,
         ["`.github/quorum.yml` is taken away; once merged it changes: `review.inline_max`: 3 → 8. " + BASE]),
        ((ChangedFile(MAIN, RENAMED, old_path=OTHER, text="review: {inline_max: 3}"),), OTHER,
         ["`.github/quorum.yml` is valid; merging it changes no value that is in force."]),
        ((written(ALL, "review: {inline_max: 20}\n"),), MAIN, []),
    ],
    ids=["no rules", "same", "other", "broken", "unread", "shadowed", "first", "removed", "gone", "moved", "no rule"],
)  # fmt: skip
def test_a_change_of_the_repository_s_file_is_told(
    files: tuple[ChangedFile, ...], path: str, said: list[str]
) -> None:
    assert told(*files, path=path) == said


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (written(ALL, "review: {findings_max: 9}\n"),
         "`quorum.yml` is valid; once merged it changes in every repository of this owner that says nothing else: "
         "`review.findings_max`: 7 → 9. " + BASE),
        (written(ALL, "review: {findings_max: 0}\n"),
         "`quorum.yml` can't be used: line 1, column 10, `review.findings_max`: must be between 1 and 100. "
         + LAST_VALID),
        (ChangedFile(ALL, REMOVED),
         "`quorum.yml` is taken away; once merged it changes in every repository of this owner that says nothing else: "
         "`review.findings_max`: 7 → 15. " + BASE),
    ],
    ids=["other", "broken", "removed"],
)  # fmt: skip
def test_a_change_of_the_organisation_s_file_is_told_where_it_stands(file: ChangedFile, said: str) -> None:
    assert told(file, name="acme/.github") == [said]


def test_a_file_that_repositories_share_is_each_one_s_own() -> None:
    """Each keeps it as its last valid one; else one that came second had nothing to fall back on."""
    cache, place = LayerCache(), Place("organisation", Source.ORGANISATION, ORGANISATION.origin)
    cache.put(place, 1, "c0ffee", ORGANISATION)
    assert (cache.get(place, 1, "c0ffee"), cache.get(place, 2, "c0ffee")) == (ORGANISATION, None)
