"""Which paths are risky."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.llm.routing.floor import is_risky

RISKY = (
    "src/auth/login.py app/OAuthClient.java lib/authorize.rb users/authentication.go "
    "src/crypto/aes.c web/session_store.ts db/migrations/0004_add.sql migrations/env.py "
    ".github/workflows/ci.yml .gitlab-ci.yml Jenkinsfile poetry.lock "
    "package-lock.json pnpm-lock.yaml go.sum docker/Dockerfile "
    "DOCKERFILE api.dockerfile docker-compose.prod.yml permissions.py "
    "acl.py deploy/tls.conf CODEOWNERS infra/main.tf "
)
PLAIN = (
    "README.md src/authors.py docs/author.md src/views.py tests/test_oracle.py src/description.ts Makefile"
)


@pytest.mark.parametrize("path", RISKY.split())
def test_these_are_risky(path: str) -> None:
    assert is_risky([path])


@pytest.mark.parametrize("path", PLAIN.split())
def test_these_are_not(path: str) -> None:
    assert not is_risky([path])


def test_a_repositorys_globs_add() -> None:
    assert is_risky(["billable/rates.py"], ["billable/"])


@given(st.lists(st.text(max_size=20), max_size=4), st.lists(st.text(min_size=1, max_size=9), max_size=3))
def test_nothing_takes_a_risk_away(others: list[str], globs: list[str]) -> None:
    assert is_risky([*others, "src/auth.py"], globs)
