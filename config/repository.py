"""The schema of `.github/quorum.yml`: what a repository's people may decide. Unknown keys are refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from config.patterns import Predicate, compile_globs, compile_regex

Expert = Literal["security", "quality", "performance", "dependency", "tests", "documentation"]
SeverityName = Literal["critical", "high", "medium", "low"]

RULES_MAX = 100
PATTERN_MAX_CHARS = 200


def _regex(value: str) -> str:
    compile_regex(value)
    return value


def _some_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if (
        not values
    ):  # not `min_length`: pydantic counts valid entries only, and would hide what is wrong with them
        raise ValueError("needs 1 or more entries")
    twice = next((value for index, value in enumerate(values) if value in values[:index]), None)
    if twice is not None:
        raise ValueError(f"lists `{twice}` twice")
    return values


Text = Annotated[str, Field(min_length=1, max_length=PATTERN_MAX_CHARS)]
Texts = Annotated[tuple[Text, ...], Field(max_length=RULES_MAX)]
Regexes = Annotated[tuple[Annotated[Text, AfterValidator(_regex)], ...], Field(max_length=RULES_MAX)]
Experts = Annotated[tuple[Expert, ...], AfterValidator(_some_once)]


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


class ReviewRules(Section):
    """What is reviewed and how much is said."""

    enabled: bool = Field(True, description="Whether pull requests are reviewed at all.")
    drafts: bool = Field(False, description="Whether draft pull requests are reviewed too.")
    experts: Experts = Field(
        ("security", "quality", "performance", "dependency", "tests", "documentation"),
        description="The sides a change is looked at from.",
    )
    inline_max: int = Field(
        8, ge=0, le=30, description="Findings posted at their line; the others stand in the summary."
    )
    findings_max: int = Field(15, ge=1, le=100, description="Findings reported of one review.")
    severity_floor: SeverityName = Field("low", description="Least severity that is reported.")
    required: bool = Field(
        False,
        description="Whether the check gates: it fails on blocking findings, and on a head not fully reviewed.",
    )


class IgnoreRules(Section):
    """Which pull requests are skipped, and which files are left out of the others."""

    authors: Texts = Field((), description="Logins, whatever their case, e.g. `renovate[bot]`.")
    titles: Regexes = Field(
        (), description="Regular expressions (Rust dialect) searched in the title; `(?i)` ignores case."
    )
    labels: Texts = Field((), description="Labels, whatever their case; one is enough.")
    branches: Texts = Field((), description="Globs of base branches, e.g. `release/*`.")
    paths: Texts = Field((), description="Globs of files that are not read, e.g. `docs/**` or `*.svg`.")

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


class ModelRules(Section):
    """Whether a model takes part."""

    enabled: bool = Field(True, description="Whether a model is asked, where the operator has set one up.")


class RepositoryConfig(Section):
    """The whole file. Every key may be left out."""

    review: ReviewRules = Field(
        default_factory=ReviewRules, description="What is reviewed and how much is said."
    )
    ignore: IgnoreRules = Field(default_factory=IgnoreRules, description="What is skipped or left out.")
    model: ModelRules = Field(default_factory=ModelRules, description="Whether a model takes part.")
