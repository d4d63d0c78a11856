"""Paths whose change only a strong model may judge. Nothing in a pull request's text has a say here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from config.patterns import compile_globs

_WORDS = re.compile(
    # who may come in, and what they may do ("author" is neither)
    r"auth(?!or(?!i))|login|signin|passw|credential|secret|token|session|permission|privilege|sudo|security"
    r"|oidc|saml|rbac|(?<![a-z])acls?(?![a-z])"
    # what is kept from others' eyes
    r"|crypt|cipher|jwt|signature|(?<![a-z])(?:tls|ssl|x509|certs?)(?![a-z])"
    # what can't be taken back
    r"|migrat|alembic|payment|billing"
)
_FILES = compile_globs(
    (
        # what runs with the repository's rights
        *(".github/", ".circleci/", ".buildkite/", ".gitlab/", "Jenkinsfile*", ".gitlab-ci*.yml", ".travis.yml"),
        *("azure-pipelines*.y*ml", "bitbucket-pipelines.yml", ".drone.y*ml", "appveyor.yml", "cloudbuild.y*ml"),
        *("CODEOWNERS", ".gitmodules", ".pre-commit-config.y*ml", ".npmrc", ".pypirc"),
        # what is installed
        *("*.lock", "*.lockb", "*.lockfile", "*-lock.json", "*.lock.json", "*-lock.y*ml", "npm-shrinkwrap.json"),
        *("go.sum", "Package.resolved"),
        # what it runs in
        *("Dockerfile*", "*.Dockerfile", "Containerfile*", "docker-compose*.y*ml", "compose*.y*ml", "*.tf"),
    )
)  # fmt: skip
_FOLDED_FILES = compile_globs(("dockerfile*", "*.dockerfile", "containerfile*", "jenkinsfile*", "codeowners"))


def is_risky(paths: Iterable[str], extra_globs: Sequence[str] = ()) -> bool:
    """Whether any path is risky by its words or kind, or by the repository's own globs: they only add.

    Give both paths of a renamed file.
    """
    wanted = compile_globs(extra_globs)
    return any(_is_risky(path) or wanted(path) for path in paths)


def _is_risky(path: str) -> bool:
    folded = path.casefold()
    return bool(_WORDS.search(folded)) or _FILES(path) or _FOLDED_FILES(folded)
