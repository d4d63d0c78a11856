"""What Quorum writes beside reviews."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from config.rules.section import Regexes, Section, Text, Texts, affordable, key

TEXT_MAX_CHARS = 1_000_000
FEW_MAX = 10
FEW = Field(max_length=FEW_MAX)


class DescriptionRules(Section):
    """The description that Quorum writes of a pull request."""

    mode: Literal["off", "body", "comment"] = key("off", "Where it is written by itself, after each review.")
    diagram: bool = key(True, "Whether it holds a diagram of what imports what.")


class TextRules(Section):
    """What holds of each file that Quorum writes; what breaks a rule is not delivered."""

    sections: Annotated[Texts, FEW] = key(
        (), "Sections that each file has: of a page, headings; of a test, names in it."
    )
    forbidden_words: Texts = key((), "Words that are not used, in capitals or not.")
    forbidden_patterns: Annotated[Regexes, FEW] = key((), "Patterns that match nothing in it.")
    required_patterns: Annotated[Regexes, FEW] = key((), "Patterns that match something in it.")
    chars_max: int = key(0, "Greatest length in characters; 0 is any.", ge=0, le=TEXT_MAX_CHARS)

    _patterns_are_affordable = field_validator("forbidden_patterns", "required_patterns", mode="before")(
        affordable
    )


class DocsRules(Section):
    """The documentation that Quorum writes."""

    on_push: bool = key(False, "Whether a push to the default branch asks for it.")
    format: Literal["markdown", "logseq"] = key("markdown", "How pages are written.")
    folder: Text = key("docs", "Where pages are kept.")
    paths: Texts = key((), "Globs of the code that is documented; empty: all.")
    rules: TextRules = key(
        TextRules, "Rules of your own for pages; signatures and hand-written parts are free of them."
    )


class TestsRules(Section):
    """The tests that Quorum writes."""

    run: bool = key(True, "Whether they are run in the sandbox first.")
    paths: Texts = key((), "Globs of the code that is tested; empty: what changed.")
    rules: TextRules = key(TextRules, "Rules of your own for tests.")


class WritingRules(Section):
    """What Quorum writes beside reviews."""

    description: DescriptionRules = key(DescriptionRules, "The description of a pull request.")
    docs: DocsRules = key(DocsRules, "Documentation.")
    tests: TestsRules = key(TestsRules, "Tests.")
