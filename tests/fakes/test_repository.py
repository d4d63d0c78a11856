"""The builder of git repositories for tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.repository import GitRepository


def test_the_same_acts_give_the_same_commits(tmp_path: Path) -> None:
    heads = []
    for name in ("one", "two"):
        repository = GitRepository.create(tmp_path, name)
        repository.commit({"a.py": "1\n"}, "First")
        repository.branch("feature")
        heads.append(repository.commit({"a.py": None, "b/c.py": b"\0"}, "Second"))
    assert heads[0] == heads[1]


def test_links_and_submodules_keep_their_modes(tmp_path: Path) -> None:
    repository = GitRepository.create(tmp_path)
    repository.commit({"a.sh": "1\n"})
    repository.symlink("link", "a.sh")
    repository.mode("a.sh", executable=True)
    repository.commit()
    repository.commit_submodule("vendored", "b" * 40)
    modes = [row.split()[0] for row in repository.git("ls-tree", "HEAD").splitlines()]
    assert modes == [b"100755", b"120000", b"160000"]


def test_gits_complaint_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="nowhere"):
        GitRepository.create(tmp_path).checkout("nowhere")
