"""Configuration: three files read, checked, layered and compared, beside a bare parse of the same bytes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from config.differences import differences
from config.layers import Source, effective
from config.loader import load_layer
from config.operator import OperatorRules
from tests.bench.result import Result

EXAMPLE = Path(__file__).parents[2] / "config" / "data" / "example.yml"
ROUNDS = 300
RATIO_GOAL = 5.0

ENVIRON = {
    "QUORUM_REVIEW_REQUIRED": "true",
    "QUORUM_REVIEW_EXPERTS": "security, quality, tests",
    "QUORUM_IGNORE_LABELS": "[no review, wip]",
    "QUORUM_LIMIT_REVIEW_FINDINGS_MAX": "12",
}

ORGANISATION = b"""\
# What holds for every repository of acme, unless the repository says otherwise.
language: en
tone: Short and kind; name the rule that a finding rests on.

review:
  drafts: false
  inline_max: 10         # the others stand in the summary
  findings_max: 20
  severity_floor: low
  required: true         # everybody merges through a green check
  conclusions:
    draft: neutral
    paused: action_required

ignore:
  authors:               # machines that we trust
    - renovate[bot]
    - dependabot[bot]
  titles: ["(?i)^wip", "(?i)^release v[0-9]+"]
  labels: [no review, generated]
  paths:
    - vendor/**
    - "**/*.min.js"
    - "**/*.svg"
    - "**/package-lock.json"
  size: {files_max: 300, lines_max: 20000}

commands:
  permission: write
  permissions: {pause: maintain, resume: maintain}
"""

REPOSITORY = b"""\
# .github/quorum.yml of acme/shop, read at the base commit of a pull request.
review:
  experts: [security, quality, performance, tests]
  inline_max: 6
  path_instructions:
    - path: src/payments/**
      instructions: Amounts are integers in cents. Ask for a test of every rounding.
    - path: src/api/**
      instructions: |
        Every handler checks the tenant first.
        Errors are problem details (RFC 9457).
  risky_paths: [src/payments/**, migrations/**]

ignore:
  branches: ["release/*"]
  paths:                 # replaces the list of the organisation
    - docs/**
    - fixtures/**
    - "**/*.snap"

orchestration:
  tier: balanced
  cost_tracking:
    monthly_budget_usd: 40
    per_run_usd: 0.5

write:
  description: {mode: comment, diagram: false}
  docs:
    folder: documentation
"""


PROPOSED = REPOSITORY.replace(b"inline_max: 6", b"inline_max: 9").replace(b"balanced", b"premium")
"""The repository's file as a pull request changes it."""


def _layered(organisation: bytes, repository: bytes, proposed: bytes) -> tuple[str, ...]:
    """All that a review of a pull request that changes the file does for its rules: those in force, and what
    the change does to them; the operator's variables are read anew too."""
    operator = OperatorRules.from_environ(ENVIRON)
    above = load_layer(organisation, Source.ORGANISATION, "acme/.github/quorum.yml")
    base = load_layer(repository, Source.REPOSITORY, ".github/quorum.yml@1a2b3c4")
    head = load_layer(proposed, Source.REPOSITORY, ".github/quorum.yml")
    return differences(effective((above, base), operator), effective((above, head), operator))


def _bare(*files: bytes) -> None:
    for file in files:
        yaml.load(file, yaml.CSafeLoader)


def _seconds(act: Callable[[], object]) -> float:
    """Processor time: neither of the two waits for anything, and the longer one is interrupted more often."""
    start = time.thread_time()
    act()
    return time.thread_time() - start


async def run(_: str | None) -> list[Result]:
    """The small files of a real repository, and the full example: each key with its comment."""
    example = EXAMPLE.read_bytes()
    return [
        *_measured("organisation, repository, proposed", ORGANISATION, REPOSITORY, PROPOSED),
        *_measured("full example three times", example, example, example),
    ]


def _measured(name: str, *files: bytes) -> list[Result]:
    """Pairs, one after the other, so that a busy machine slows both alike."""
    _layered(*files)
    pairs = [(_seconds(lambda: _layered(*files)), _seconds(lambda: _bare(*files))) for _ in range(ROUNDS)]
    ours, bare = (statistics.median(times) * 1e6 for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    return [
        Result(f"{name}, size", sum(map(len, files)), "bytes"),
        Result(f"{name}, read, checked and layered", round(ours), "µs"),
        Result(f"{name}, bare parse", round(bare), "µs"),
        Result(
            f"{name}, times the bare parse", round(ratio, 2), "x", f"<= {RATIO_GOAL:g}", ratio <= RATIO_GOAL
        ),
    ]
