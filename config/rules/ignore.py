"""What is skipped or left out."""

from __future__ import annotations

from pydantic import field_validator

from config.patterns import Predicate, compile_globs, compile_regex
from config.rules.section import Regexes, Section, Texts, affordable, key


class SizeRules(Section):
    """How large a pull request may be to be reviewed by itself."""

    files_max: int | None = key(None, "Changed files; unset: any number.", ge=1, le=3_000)
    lines_max: int | None = key(None, "Added and deleted lines; unset: any number.", ge=1, le=10_000_000)


class IgnoreRules(Section):
    """Which pull requests are skipped, and which files are left out of the others."""

    authors: Texts = key((), "Logins, whatever their case, e.g. `renovate[bot]`.")
    titles: Regexes = key(
        (), "Regular expressions (Rust dialect) searched in the title; `(?i)` ignores case."
    )
    labels: Texts = key((), "Labels, whatever their case; one is enough.")
    branches: Texts = key((), "Globs of base branches, e.g. `release/*`.")
    paths: Texts = key((), "Globs of files that are not read, e.g. `docs/**` or `*.svg`.")
    size: SizeRules = key(SizeRules, "How large a pull request may be to be reviewed by itself.")

    _titles_are_affordable = field_validator("titles", mode="before")(affordable)

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
