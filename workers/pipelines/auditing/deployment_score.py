"""Deployment readiness, in percent: what the repository brings along to be built, checked and run elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from workers.analysis.languages import Ecosystem, is_test_path, manifest_of
from workers.domain.audit import Criterion, Place, Score
from workers.pipelines.auditing.looking import PLACES_MAX, at, is_code, said
from workers.pipelines.auditing.values import Audited

OUT_OF = 100.0
SECRETS = "secrets/"

_CI = re.compile(
    r"(?:\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|Jenkinsfile|\.circleci/config\.yml|azure-pipelines\.yml"
    r"|bitbucket-pipelines\.yml|\.travis\.yml|\.drone\.yml|\.woodpecker\.yml|\.buildkite/pipeline\.yml)"
)
_RUNS_TESTS = re.compile(
    r"\b(?:pytest|tox|nox|unittest|jest|vitest|mocha|phpunit|rspec|(?:go|cargo|dotnet|mix) test|make (?:test|check)"
    r"|(?:npm|yarn|pnpm|bun)(?: run)? test|npm t\b|mvnw? .{0,60}(?:test|verify)|gradlew? .{0,60}(?:test|check|build))"
)
_DOCKERFILE = re.compile(r"(?:Dockerfile|Containerfile)(?:\..{1,40})?|.{1,60}\.(?:Dockerfile|dockerfile)")
_RECIPES = re.compile(
    r"(?:docker-)?compose(?:\.[\w-]{1,40})?\.ya?ml|Procfile|serverless\.ya?ml|Chart\.yaml|kustomization\.ya?ml|fly\.toml"
    r"|vercel\.json|netlify\.toml|app\.yaml|render\.yaml|skaffold\.yaml"
)
_FROM = re.compile(r"^\s*FROM\s", re.IGNORECASE)
_LOOSE = re.compile(
    r"^\s*FROM\s+(?:--\S{1,80}\s+)?(?!scratch\b)(?:[^\s:@]{1,200}|[^\s@]{1,200}:latest)(?:\s|$)",
    re.IGNORECASE,
)
_USER = re.compile(r"^\s*USER\s+(?!root\b|0\b)\S", re.IGNORECASE)
_HEALTH_FILES = re.compile(
    r"HEALTHCHECK\s|livenessProbe|readinessProbe|healthcheck\s*:|health_check", re.IGNORECASE
)
_HEALTH_CODE = re.compile(r"[\"'`/](?:healthz?|livez|readyz|health[-_]?check|liveness|readiness)\b[\"'`/]?")
_ENVIRONMENT = re.compile(
    r"\bos\.environ\b|\bos\.getenv\b|\bprocess\.env\b|\bSystem\.getenv\b|\bos\.(?:Getenv|LookupEnv)\b|\bENV\[|\benv::var\b"
    r"|\bgetenv\(|import\.meta\.env\b|\bBaseSettings\b"
)
_EXAMPLE = re.compile(r"\.?env[.-](?:example|sample|template|dist)|(?:example|sample)\.env")
_SECRET_FILE = re.compile(r"\.env(?:\.(?:local|production|prod|staging|development|dev))?")


def deployment_score(audited: Audited) -> Score:
    """The score and its reasons. What only a service needs counts only where something is there to be deployed."""
    containers = [path for path in audited.files if _DOCKERFILE.fullmatch(PurePosixPath(path).name)]
    recipes = [
        path for path in audited.paths if _RECIPES.fullmatch(PurePosixPath(path).name) or _is_kubernetes(path)
    ]
    criteria = (
        *_ci(audited),
        *_container(audited, containers, recipes),
        _locks(audited),
        *_environment(audited),
        _health(audited, containers, recipes),
        _secrets(audited),
    )
    return Score("deployment readiness", OUT_OF, criteria)


def _ci(audited: Audited) -> tuple[Criterion, Criterion]:
    paths = [path for path in audited.paths if _CI.fullmatch(path)]
    tests = said(audited.files, lambda path: path in paths, _RUNS_TESTS)
    return (
        Criterion("CI", 15.0 if paths else 0.0, 15.0, "files of CI services", _number(paths), at(paths)),
        Criterion(
            "CI runs tests", 10.0 if tests else 0.0, 10.0, "commands that run tests, in files of CI",
            "found" if tests else "none found", tests,
        ),
    )  # fmt: skip


def _container(audited: Audited, containers: Sequence[str], recipes: Sequence[str]) -> tuple[Criterion, ...]:
    there = [*containers, *recipes]
    built = Criterion(
        "a way to run it", 10.0 if there else 0.0, 10.0, "Dockerfiles, Compose, Procfile, Kubernetes, platform files",
        _number(there), at(there),
    )  # fmt: skip
    if not containers:
        none = "there is no Dockerfile"
        return (
            built,
            Criterion("base images are named", 0.0, 0.0, "FROM lines", none),
            Criterion("not as root", 0.0, 0.0, "USER lines", none),
        )
    stages = _stages(audited, containers)
    loose = said(audited.files, lambda path: path in containers, _LOOSE)
    loose = tuple(one for one in loose if _image(audited, one) not in stages)
    users = said(audited.files, lambda path: path in containers, _USER)
    return (
        built,
        Criterion("base images are named", 0.0 if loose else 5.0, 5.0, "FROM lines without a version",
                  "some have none, or latest" if loose else "each has one", loose),
        Criterion("not as root", 5.0 if users else 0.0, 5.0, "USER lines",
                  "another user is set" if users else "everything runs as root", users),
    )  # fmt: skip


def _stages(audited: Audited, containers: Sequence[str]) -> frozenset[str]:
    """Names of stages, which need no version."""
    lines = (
        line.split() for path in containers for line in audited.files[path].split("\n") if _FROM.match(line)
    )
    return frozenset(words[3].lower() for words in lines if len(words) > 3 and words[2].lower() == "as")


def _image(audited: Audited, place: Place) -> str:
    words = audited.files[place.path].split("\n")[(place.line or 1) - 1].split()
    return next((word.lower() for word in words[1:] if not word.startswith("--")), "")


def _locks(audited: Audited) -> Criterion:
    looked_at = "dependency manifests, and a lockfile for each ecosystem"
    known = {path: found for path in audited.paths if (found := manifest_of(path)) is not None}
    wanted = {one.ecosystem for one in known.values() if not one.lock} - {Ecosystem.GITHUB_ACTIONS}
    locked = {one.ecosystem for one in known.values() if one.lock} & wanted
    if not wanted:
        return Criterion("lockfiles", 0.0, 0.0, looked_at, "there are no manifests")
    missing = ", ".join(sorted(wanted - locked))
    places = at(path for path, one in known.items() if one.ecosystem in (wanted - locked or wanted))
    words = f"no lockfile for {missing}" if missing else "each has one"
    return Criterion("lockfiles", 15.0 * len(locked) / len(wanted), 15.0, looked_at, words, places)


def _environment(audited: Audited) -> tuple[Criterion, Criterion]:
    used = said(audited.files, is_code, _ENVIRONMENT)
    examples = [path for path in audited.paths if _EXAMPLE.fullmatch(PurePosixPath(path).name)]
    committed = [path for path in audited.paths if _SECRET_FILE.fullmatch(PurePosixPath(path).name)]
    found = _number(examples) if used else "no code reads the environment"
    return (
        Criterion(
            "environment is shown", 10.0 if examples else 0.0, 10.0 if used else 0.0,
            "code that reads the environment, and an example of it such as .env.example", found,
            at(examples) or used,
        ),
        Criterion(
            "no .env in git", 0.0 if committed else 5.0, 5.0, "files called .env", _number(committed), at(committed)
        ),
    )  # fmt: skip


def _health(audited: Audited, containers: Sequence[str], recipes: Sequence[str]) -> Criterion:
    looked_at = "HEALTHCHECK, probes, and paths such as /healthz"
    if not containers and not recipes:
        return Criterion("health checks", 0.0, 0.0, looked_at, "nothing here is run as a service")
    there = {*containers, *recipes}
    found = said(audited.files, lambda path: path in there, _HEALTH_FILES)
    found = found or said(audited.files, is_code, _HEALTH_CODE)
    words = "found" if found else "none found"
    return Criterion("health checks", 15.0 if found else 0.0, 15.0, looked_at, words, found)


def _secrets(audited: Audited) -> Criterion:
    leaks = [one for one in audited.review.findings if one.rule.startswith(SECRETS)]
    leaks = sorted(leaks, key=lambda one: (is_test_path(one.path), one.path, one.line or 0))
    outside = sum(not is_test_path(one.path) for one in leaks)
    points = 0.0 if outside else 5.0 if leaks else 10.0
    found = f"{_number(leaks)}, {len(leaks) - outside:,} of them in tests" if leaks else _number(leaks)
    places = tuple(Place(one.path, one.line) for one in leaks[:PLACES_MAX])
    looked_at = "what scanners call a secret; in tests alone it costs half"
    return Criterion("no secrets in the code", points, 10.0, looked_at, found, places)


def _is_kubernetes(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return path.endswith((".yaml", ".yml")) and not {"k8s", "kubernetes", "helm", "manifests"}.isdisjoint(
        parts[:-1]
    )


def is_of_deployment(path: str) -> bool:
    """Whether a file says how the repository is built, checked or run elsewhere."""
    name = PurePosixPath(path).name
    forms = (_DOCKERFILE, _RECIPES, _EXAMPLE)
    return bool(_CI.fullmatch(path)) or _is_kubernetes(path) or any(form.fullmatch(name) for form in forms)


def _number(found: Sequence[object]) -> str:
    return f"{len(found):,} found" if found else "none found"
