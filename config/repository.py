"""The schema of `.github/quorum.yml`: what a repository's people may decide. Unknown keys are refused.

Keys down to the second level are the ones to know, forty at most; what is nested below them has good defaults.
A key marked `pending` is accepted and checked, and does nothing yet: `config.pending` says what it waits for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

from config.commands import COMMANDS, Permission
from config.patterns import Predicate, compile_globs, compile_regex

Expert = Literal["security", "quality", "performance", "dependency", "tests", "documentation"]
SeverityName = Literal["critical", "high", "medium", "low"]
Conclusion = Literal["neutral", "action_required", "failure"]
UseCase = Literal["simple", "moderate", "complex"]

RULES_MAX = 100
PATTERN_MAX_CHARS = 200
INSTRUCTIONS_MAX_CHARS = 2_000
LANGUAGE_MAX_CHARS = 35  # the longest tag that has a meaning (RFC 5646, 4.4.1)
TONE_MAX_CHARS = 250
ID_MAX = 2**63 - 1


def _regex(value: str) -> str:
    compile_regex(value)
    return value


def _some_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if (
        not values
    ):  # not `min_length`: pydantic counts valid entries only, and would hide what is wrong with them
        raise ValueError("needs 1 or more entries")
    return _once(values)


def _once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    twice = next((value for index, value in enumerate(values) if value in values[:index]), None)
    if twice is not None:
        raise ValueError(f"lists `{twice}` twice")
    return values


def _commands(values: dict[str, Permission]) -> dict[str, Permission]:
    unknown = next((name for name in values if name not in COMMANDS), None)
    if unknown is not None:
        raise ValueError(f"names `{unknown}`, which is no command; commands are {', '.join(COMMANDS)}")
    return values


@dataclass(frozen=True, slots=True)
class Says:
    """What a validator of ours demands, as JSON Schema, so that editors and the reference know of it."""

    schema: JsonDict

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The type's own schema and what is demanded besides."""
        return {**handler(core), **self.schema}


_ONCE = Says({"uniqueItems": True})
_SOME_ONCE = Says({"uniqueItems": True, "minItems": 1})
_REGEX = Says({"description": "regular expression (Rust dialect)"})  # `format: regex` would be JavaScript's
_BY_COMMAND = Says({"propertyNames": {"enum": [*COMMANDS]}})

Text = Annotated[str, Field(min_length=1, max_length=PATTERN_MAX_CHARS)]
Texts = Annotated[tuple[Text, ...], Field(max_length=RULES_MAX)]
Regexes = Annotated[tuple[Annotated[Text, AfterValidator(_regex), _REGEX], ...], Field(max_length=RULES_MAX)]
Experts = Annotated[tuple[Expert, ...], AfterValidator(_some_once), _SOME_ONCE]
UseCases = Annotated[tuple[UseCase, ...], AfterValidator(_some_once), _SOME_ONCE]
Percents = Annotated[
    tuple[Annotated[int, Field(ge=1, le=1_000)], ...], Field(max_length=10), AfterValidator(_once), _ONCE
]
Ids = Annotated[tuple[Annotated[int, Field(ge=1, le=ID_MAX)], ...], Field(max_length=RULES_MAX)]
Usd = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]


def _key(default: Any, description: str, *, pending: str = "", **limits: Any) -> Any:
    """A key's field. `pending` names the capability that it waits for."""
    extra: JsonDict | None = {"pending": pending} if pending else None
    if callable(default):
        return Field(default_factory=default, description=description, json_schema_extra=extra, **limits)
    return Field(default, description=description, json_schema_extra=extra, **limits)


def pending_of(field: FieldInfo) -> str:
    """The capability that a key waits for; "" when it is in force."""
    extra = field.json_schema_extra
    return str(extra.get("pending", "")) if isinstance(extra, dict) else ""


class Section(BaseModel):
    """A mapping of the file: frozen, strict about types; a key without a value means its default."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_default(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {
            key: value for key, value in values.items() if value is not None or key not in cls.model_fields
        }


class PathInstruction(Section):
    """What the reviewers are told about some files."""

    path: Text = Field(description="Glob of the files, e.g. `src/api/**`.")
    instructions: str = Field(
        min_length=1, max_length=INSTRUCTIONS_MAX_CHARS, description="What to look at, or to leave alone."
    )


class Conclusions(Section):
    """The check run's conclusion for what was not reviewed; GitHub lets `neutral` pass a required check."""

    ignored: Conclusion | None = _key(
        None, "For a pull request that `ignore` or `review.enabled` skips; unset: by `review.required`."
    )
    draft: Conclusion | None = _key(None, "For a draft; unset: by `review.required`.")
    paused: Conclusion | None = _key(None, "While reviews are paused; unset: by `review.required`.")
    partial: Conclusion | None = _key(
        None, "For a head that was reviewed in part; unset: by `review.required`."
    )
    failed: Conclusion | None = _key(None, "For a review that failed; unset: by `review.required`.")


class OutputRules(Section):
    """What a review does beside its comments and its check run."""

    request_changes: bool = _key(
        False,
        "Whether a review with findings of high or critical severity requests changes; taken back when none is left.",
    )
    labels: bool = _key(
        False,
        "Whether pull requests are labelled by what was found: `quorum: clean`, `quorum: blocking` and so on.",
    )
    code_scanning: bool = _key(
        False,
        "Whether findings are handed over to GitHub's code scanning too; needs the permission `security_events: write`.",
    )
    resolve_threads: bool = _key(True, "Whether threads of what was fixed are resolved.")


class ReviewRules(Section):
    """What is reviewed and how much is said."""

    enabled: bool = _key(True, "Whether pull requests are reviewed by themselves; commands work anyway.")
    drafts: bool = _key(False, "Whether draft pull requests are reviewed too.")
    experts: Experts = _key(
        ("security", "quality", "performance", "dependency", "tests", "documentation"),
        "The sides a change is looked at from.",
    )
    inline_max: int = _key(8, "Findings posted at their line; the others stand in the summary.", ge=0, le=30)
    findings_max: int = _key(15, "Findings reported of one review.", ge=1, le=100)
    severity_floor: SeverityName = _key("low", "Least severity that is reported.")
    required: bool = _key(
        False,
        "Whether the check gates: it fails on blocking findings, and on a head not fully reviewed.",
    )
    auto_pause_pushes: int = _key(
        0,
        "Pause after so many reviewed pushes, until somebody resumes; 0 never pauses.",
        ge=0,
        le=1_000,
    )
    guidelines: Texts = _key(
        ("AGENTS.md", "CLAUDE.md", "CONTRIBUTING.md"),
        "Files of the base commit that tell the reviewers how this repository works; a plain name is also looked for "
        "in the folders around a changed file.",
    )
    path_instructions: Annotated[tuple[PathInstruction, ...], Field(max_length=RULES_MAX)] = _key(
        (), "What the reviewers are told about some files."
    )
    risky_paths: Texts = _key(
        (), "Globs of files that only strong models may judge, beside the built-in ones."
    )
    conclusions: Conclusions = _key(
        Conclusions, "The check's conclusion for what was not reviewed, by reason."
    )
    output: OutputRules = _key(OutputRules, "What a review does beside its comments and its check run.")


class SizeRules(Section):
    """How large a pull request may be to be reviewed by itself."""

    files_max: int | None = _key(None, "Changed files; unset: any number.", ge=1, le=3_000)
    lines_max: int | None = _key(None, "Added and deleted lines; unset: any number.", ge=1, le=10_000_000)


class IgnoreRules(Section):
    """Which pull requests are skipped, and which files are left out of the others."""

    authors: Texts = _key((), "Logins, whatever their case, e.g. `renovate[bot]`.")
    titles: Regexes = _key(
        (), "Regular expressions (Rust dialect) searched in the title; `(?i)` ignores case."
    )
    labels: Texts = _key((), "Labels, whatever their case; one is enough.")
    branches: Texts = _key((), "Globs of base branches, e.g. `release/*`.")
    paths: Texts = _key((), "Globs of files that are not read, e.g. `docs/**` or `*.svg`.")
    size: SizeRules = _key(SizeRules, "How large a pull request may be to be reviewed by itself.")

    def path_filter(self) -> Predicate:
        """Whether a file is left out; compiled once for many paths."""
        return compile_globs(self.paths)

    def reason(self, *, author: str, title: str, labels: tuple[str, ...], base_ref: str) -> str | None:
        """Why a pull request is skipped, as a sentence that names the rule; None when it is not."""
        if author.lower() in {name.lower() for name in self.authors}:
            return f"author {author} is in `ignore.authors`"
        if pattern := next((one for one in self.titles if compile_regex(one)(title)), None):
            return f"the title matches `{pattern}` of `ignore.titles`"
        if label := next(
            (one for one in labels if one.lower() in {name.lower() for name in self.labels}), None
        ):
            return f"label {label} is in `ignore.labels`"
        if compile_globs(self.branches)(base_ref):
            return f"base branch {base_ref} matches `ignore.branches`"
        return None

    def too_large(self, *, files: int, lines: int) -> str | None:
        """Why a pull request of this size is skipped, as a sentence that names the rule; None when it is not."""
        for name, count, most in (
            ("files", files, self.size.files_max),
            ("lines", lines, self.size.lines_max),
        ):
            if most is not None and count > most:
                return f"it changes {count:,} {name}, more than the {most:,} of `ignore.size.{name}_max`"
        return None


class CommandRules(Section):
    """Who may give commands, and how they are written."""

    bare: bool = _key(
        False, "Whether commands work without the prefix too: `/review` beside `/quorum review`."
    )
    permission: Permission | None = _key(
        None, "Least permission in the repository that commands need; unset: `write`, or as the command says."
    )
    permissions: Annotated[dict[str, Permission], AfterValidator(_commands), _BY_COMMAND] = _key(
        dict, "The permission of single commands, e.g. `{pause: maintain}`."
    )
    bots: Ids = _key((), "Numeric user ids of bots that may give commands, with the same permission.")

    def needed(self, command: str) -> Permission:
        """The permission that `command` needs."""
        return self.permissions.get(command) or self.permission or COMMANDS[command].permission


class Consensus(Section):
    """How several models come to one opinion."""

    models_max: int = _key(
        3,
        "Models of different families asked for a first opinion: so many on what is hard or risky, two on what is "
        "not simple, one on what is.",
        ge=1,
        le=10,
    )
    refute: bool = _key(
        True, "Whether a model of another family tries to disprove what only models found, from medium on."
    )


class ModelChoice(Section):
    """One model. `api_key_env` and `base_url` count only when the operator has allowed exactly this value."""

    model: Text = Field(description="The model's name, e.g. `claude-sonnet-4.5`.")
    provider: Text | None = Field(None, description="Who serves it; unset: as the catalogue says.")
    api_key_env: Text | None = Field(None, description="Name of the operator's variable with the key.")
    base_url: Text | None = Field(None, description="Base URL of an OpenAI-compatible server.")


class Executor(ModelChoice):
    """A model that does the bulk of the work."""

    use_cases: UseCases = Field(
        ("simple", "moderate", "complex"), description="How hard the tasks are that it is given."
    )


class Fallback(Section):
    """What is asked when nothing else answers."""

    models: Texts = _key((), "Names of models, first choice first.")


class CostTracking(Section):
    """What may be spent on this repository, in US dollars."""

    enabled: bool = _key(True, "Whether spending is limited and reported.")
    monthly_budget_usd: Usd | None = _key(
        None, "Most that a calendar month may cost; unset: the operator's limit."
    )
    daily_budget_usd: Usd | None = _key(None, "Most that a day (UTC) may cost; unset: the operator's limit.")
    per_call_usd: Usd | None = _key(
        None, "Most that one call of a model may cost; unset: the operator's limit."
    )
    per_run_usd: Usd | None = _key(None, "Most that one run may cost; unset: the operator's limit.")
    alert_at: Percents = _key((80, 90, 100), "Percent of the monthly budget at which an alert is sent.")


class OrchestrationRules(Section):
    """Which models take part, and what they may cost."""

    enabled: bool = _key(True, "Whether a model is asked, where the operator has set one up.")
    tier: Literal["budget", "balanced", "premium"] = _key("balanced", "How much quality is worth.")
    prefer_free_models: bool = _key(False, "Whether free models come first.")
    prefer_local: bool = _key(False, "Whether local models come first.")
    quality_threshold: float = _key(
        0.85, "Quality of a review below which a stronger model is asked.", ge=0, le=1
    )
    strategy: Literal["quality", "cost", "latency", "balanced", "success"] = _key(
        "balanced", "What counts most in the choice of a model."
    )
    mode: Literal["pipeline", "parallel", "backtrack"] = _key(
        "parallel",
        "How the experts work together: all at once, one after the other and told what was reported, or again by a "
        "stronger model where an answer was not enough.",
    )
    consensus: Consensus = _key(Consensus, "How several models come to one opinion.")
    orchestrator: ModelChoice | None = _key(
        None, "The strong model that plans and validates; unset: as the tier says."
    )
    executors: Annotated[tuple[Executor, ...], Field(max_length=20)] = _key(
        (), "The models that do the bulk; empty: as the tier says."
    )
    fallback: Fallback = _key(Fallback, "What is asked when nothing else answers.")
    cost_tracking: CostTracking = _key(CostTracking, "What may be spent on this repository.")


class DescriptionRules(Section):
    """The description that Quorum writes of a pull request."""

    mode: Literal["off", "body", "comment"] = _key("off", "Where it is written by itself, after each review.")
    diagram: bool = _key(True, "Whether it holds a diagram of what imports what.")


class DocsRules(Section):
    """The documentation that Quorum writes."""

    on_push: bool = _key(False, "Whether a push to the default branch asks for it.")
    format: Literal["markdown", "logseq"] = _key("markdown", "How pages are written.")
    folder: Text = _key("docs", "Where pages are kept.")
    paths: Texts = _key((), "Globs of the code that is documented; empty: all.")


class TestsRules(Section):
    """The tests that Quorum writes."""

    run: bool = _key(True, "Whether they are run in the sandbox first.")
    paths: Texts = _key((), "Globs of the code that is tested; empty: what changed.")


class WritingRules(Section):
    """What Quorum writes beside reviews."""

    description: DescriptionRules = _key(DescriptionRules, "The description of a pull request.")
    docs: DocsRules = _key(DocsRules, "Documentation.")
    tests: TestsRules = _key(TestsRules, "Tests.")


class RepositoryConfig(Section):
    """The whole file. Every key may be left out."""

    language: Annotated[
        str, Field(max_length=LANGUAGE_MAX_CHARS, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    ] = _key(
        "en", "Language of what models write (BCP 47), e.g. `de` or `pt-BR`; Quorum's own words are English."
    )
    tone: Annotated[str, Field(max_length=TONE_MAX_CHARS)] = _key(
        "", "How models should sound, in your words; it changes nothing of what they report."
    )
    review: ReviewRules = _key(ReviewRules, "What is reviewed and how much is said.")
    ignore: IgnoreRules = _key(IgnoreRules, "What is skipped or left out.")
    commands: CommandRules = _key(CommandRules, "Who may give commands, and how they are written.")
    orchestration: OrchestrationRules = _key(
        OrchestrationRules, "Which models take part, and what they may cost."
    )
    write: WritingRules = _key(WritingRules, "What Quorum writes beside reviews.")
