"""What Quorum writes beside reviews."""

from __future__ import annotations

from typing import Literal

from config.rules.section import Section, Text, Texts, key


class DescriptionRules(Section):
    """The description that Quorum writes of a pull request."""

    mode: Literal["off", "body", "comment"] = key("off", "Where it is written by itself, after each review.")
    diagram: bool = key(True, "Whether it holds a diagram of what imports what.")


class DocsRules(Section):
    """The documentation that Quorum writes."""

    on_push: bool = key(False, "Whether a push to the default branch asks for it.")
    format: Literal["markdown", "logseq"] = key("markdown", "How pages are written.")
    folder: Text = key("docs", "Where pages are kept.")
    paths: Texts = key((), "Globs of the code that is documented; empty: all.")


class TestsRules(Section):
    """The tests that Quorum writes."""

    run: bool = key(True, "Whether they are run in the sandbox first.")
    paths: Texts = key((), "Globs of the code that is tested; empty: what changed.")


class WritingRules(Section):
    """What Quorum writes beside reviews."""

    description: DescriptionRules = key(DescriptionRules, "The description of a pull request.")
    docs: DocsRules = key(DocsRules, "Documentation.")
    tests: TestsRules = key(TestsRules, "Tests.")
