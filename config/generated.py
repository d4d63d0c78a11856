"""The committed files that are made from the schema; `python -m config.generated` makes them anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from config.pages import remade
from config.reference import reference_text
from config.schema import schema_text
from config.settings_reference import settings_text
from config.template import template_text


def generated(root: Path) -> Iterator[tuple[Path, str]]:
    """Each file below `root`, the checkout, and what it should hold."""
    yield root / "config/data/schema.json", schema_text()
    yield root / "config/data/example.yml", template_text()
    for name, made in (("configuration", reference_text()), ("settings", settings_text())):
        page = root / f"docs/{name}.md"
        yield page, remade(page.read_text(encoding="utf-8"), made)


if __name__ == "__main__":
    for path, text in generated(Path(__file__).parents[1]):
        path.write_text(text, encoding="utf-8")
