"""ruff: bandit's, bugbear's, pyflakes' and async rules for Python. A program of its own, run in the sandbox."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruff import find_ruff_bin  # type: ignore[import-untyped]

from workers.analysis import measures
from workers.analysis.naming import one_line_break, safe_names
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import Observation, SourceFile, Unread
from workers.analysis.tools.rules import loading

NAME = "ruff"
NEWEST = "py314"
SYNTAX_ERROR = "invalid-syntax"
LIMITS = (
    f"lint.mccabe.max-complexity={measures.COMPLEXITY_MAX}",
    f"lint.pylint.max-branches={measures.COMPLEXITY_MAX}",
    f"lint.pylint.max-statements={measures.STATEMENTS_MAX}",
    f"lint.pylint.max-returns={measures.RETURNS_MAX}",
    f"lint.pylint.max-args={measures.PARAMETERS_MAX}",
    f"lint.pylint.max-positional-args={measures.POSITIONAL_MAX}",
    'lint.flake8-bugbear.extend-immutable-calls=["fastapi.Depends", "fastapi.Query", "typer.Option", "typer.Argument"]',
)
"""Our own settings; the repository's are never read."""
COUNTED = re.compile(r"\((\d{1,9}) > \d{1,9}\)")
NOQA = re.compile(r"#\s*noqa\b(?::\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)


class ToolError(Exception):
    """A tool that ran but gave no usable answer; `str()` says why, for the ledger."""


class Place(BaseModel):
    """ruff's location: row and column from 1."""

    row: int


class Diagnostic(BaseModel):
    """The fields that we read of one entry of `--output-format json`."""

    code: str | None
    filename: str
    message: str
    location: Place
    end_location: Place


DIAGNOSTICS = TypeAdapter(list[Diagnostic])


@dataclass(frozen=True, slots=True)
class Checked:
    """What ruff said of all files together."""

    observations: tuple[Observation, ...]
    unread: tuple[Unread, ...]
    isolation: str
    seconds: float


def reads(file: SourceFile) -> bool:
    """Whether ruff reads this file."""
    return file.language == "python"


async def check(files: Sequence[SourceFile], sandbox: Sandbox, limits: JailLimits) -> Checked:
    """Run ruff once over the Python files among `files`; ToolError or OSError when it gives no answer.

    `--isolated` keeps the repository's configuration out; `noqa` is read by us, because a change must not
    silence security rules about itself.
    """
    named = safe_names([file for file in files if reads(file)])
    texts = {name: one_line_break(file.text) for name, file in named.items()}
    finished = await sandbox.run(_command(), files=texts, limits=limits)
    if finished.ended or finished.returncode != 0:
        said = finished.stderr.decode("utf-8", "replace").strip()[-300:]
        raise ToolError(
            f"ruff ended with {finished.ended or finished.returncode}: {said or 'it said nothing'}"
        )
    try:
        diagnostics = DIAGNOSTICS.validate_json(finished.stdout)
    except ValidationError as error:
        raise ToolError(f"ruff's output is not the expected JSON ({error.error_count()} errors)") from error
    observations, unread = _sort_out(diagnostics, named)
    return Checked(observations, unread, finished.isolation, finished.seconds)


def _command() -> list[str]:
    codes = sorted(rule for rule in {*loading.texts(), *measures.RUFF} if re.fullmatch(r"[A-Z]+[0-9]+", rule))
    options = [
        "--isolated",
        "--no-cache",
        "--quiet",
        "--exit-zero",
        "--ignore-noqa",
        "--output-format",
        "json",
    ]
    options += ["--target-version", NEWEST, "--select", ",".join(codes)]
    options += [part for limit in LIMITS for part in ("--config", limit)]
    return [find_ruff_bin(), "check", *options, "{src}"]


def _sort_out(
    diagnostics: Sequence[Diagnostic], named: Mapping[str, SourceFile]
) -> tuple[tuple[Observation, ...], tuple[Unread, ...]]:
    observations: list[Observation] = []
    unread: dict[str, Unread] = {}
    for diagnostic in diagnostics:
        file = named.get(diagnostic.filename.rpartition("/")[2])
        if file is None:
            continue
        row = diagnostic.location.row
        if diagnostic.code in (None, SYNTAX_ERROR):
            why = f"does not parse as Python {NEWEST[2]}.{NEWEST[3:]}: line {row}: {diagnostic.message[:200]}"
            unread.setdefault(file.path, Unread(file.path, NAME, why))
        elif _concerns(diagnostic, file) and not _is_silenced(diagnostic, file):
            observations.append(_observation(diagnostic, file))
    kept = tuple(one for one in observations if one.path not in unread)
    return kept, tuple(unread.values())


def _concerns(diagnostic: Diagnostic, file: SourceFile) -> bool:
    """On a touched line; a measure stands at the function's first line and concerns the touched ones inside it."""
    return diagnostic.code in measures.RUFF or diagnostic.location.row in file.touched


def _observation(diagnostic: Diagnostic, file: SourceFile) -> Observation:
    rows = diagnostic.location.row, max(diagnostic.end_location.row, diagnostic.location.row)
    return Observation(NAME, diagnostic.code or "", file.path, *rows, _message(diagnostic))


def _message(diagnostic: Diagnostic) -> str:
    """ruff's words; of a measure the count, its unit and limit, as the other tools say them."""
    measure = measures.RUFF.get(diagnostic.code or "")
    counted = COUNTED.search(diagnostic.message)
    if measure is None or counted is None:
        return diagnostic.message[:500]
    return f"{counted[1]} {measure.unit} (limit {measure.limit})"


def _is_silenced(diagnostic: Diagnostic, file: SourceFile) -> bool:
    """Whether a `noqa` on the line counts: for everything but security."""
    code = diagnostic.code or ""
    text = loading.texts().get(code)
    if text is not None and text.aspect == "security":
        return False
    line = file.text.split("\n")[diagnostic.location.row - 1]
    found = NOQA.search(line)
    return found is not None and (
        found["codes"] is None or code in re.split(r"[,\s]+", found["codes"].upper())
    )
