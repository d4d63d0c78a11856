"""Every example in the documents is true: commands exist, settings exist, configuration loads, tables match the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.cli.arguments import parse
from bot.cli.registry import COMMANDS
from config.loader import load
from config.operator import limit_names, override_names
from config.settings import Settings
from tests.docs.reading import BLOCK, DOCUMENTS, ROOT, blocks, commands
from workers.domain.review import Verdict
from workers.github.markdown import conclusion

VARIABLE = re.compile(r"\bQUORUM_([A-Z0-9_]+)\b")
OTHERS = {
    "MODEL_API_KEY",  # the default *name* of a variable, not a setting
    "PRIVATE_KEY_PATH",
    "ALLOWED_KEY_ENVS",
    "ALLOWED_BASE_URLS",
}
PREFIXES = {"", "LIMIT_", "ALLOWED_", "BUDGET_", "ALERT_"}


@pytest.mark.parametrize(("name", "text"), blocks("yaml"))
def test_configuration_examples_load(name: str, text: str) -> None:
    load(text, name)


@pytest.mark.parametrize(("name", "words"), [one for one in commands() if Path(one[1][0]).name == "quorum"])
def test_commands_of_the_command_line_parse(name: str, words: list[str]) -> None:
    parse(COMMANDS, words[1:])


@pytest.mark.parametrize(("name", "words"), [one for one in commands() if one[1][0] == "make"])
def test_make_targets_exist(name: str, words: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE)
    for assignment in words[2:]:
        assert f"$({assignment.split('=')[0]})" in makefile


@pytest.mark.parametrize(
    "path",
    [*DOCUMENTS, ROOT / "compose.yaml", ROOT / "Procfile", ROOT / "Dockerfile"],
    ids=lambda path: path.name,
)
def test_variables_exist(path: Path) -> None:
    known = {name.upper() for name in Settings.model_fields}
    known |= {name.removeprefix("QUORUM_") for name in (*override_names(), *limit_names())}
    named = {name.removesuffix("_FILE") for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    assert named - known - OTHERS <= PREFIXES


def test_the_table_of_verdicts_is_what_the_code_does() -> None:
    text = (ROOT / "docs" / "reviews.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in text.splitlines()
        if row.startswith("| ")
    ]
    shown = {row[0]: (row[2], row[3]) for row in rows if len(row) == 4 and row[0] in set(Verdict)}
    assert shown == {
        str(verdict): (conclusion(verdict, required=False), conclusion(verdict, required=True))
        for verdict in Verdict
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_the_map_names_what_is_there_and_nothing_else() -> None:
    """Each top-level name of the map exists; the map stays short."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert text.count("\n") <= 150
    named = re.findall(r"^  ([a-z_]+(?:\.py|/))", BLOCK.sub("", text) + text, re.MULTILINE)
    folders = ("config", "bot", "workers", "tests")
    for name in set(named):
        assert any((ROOT / folder / name).exists() for folder in folders), name


@pytest.mark.parametrize("folder", ["config", "bot", "workers", "workers/jobs"])
def test_the_map_names_every_folder_that_holds_code(folder: str) -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for package in sorted((ROOT / folder).glob("*/__init__.py")):
        if len(list(package.parent.rglob("*.py"))) > 1:
            assert re.search(rf"^  .*\b{package.parent.name}/", text, re.MULTILINE), package.parent


def test_the_manifest_asks_for_no_more_than_jobs_use() -> None:
    manifest = yaml.safe_load((ROOT / "app.yml").read_text(encoding="utf-8"))
    from bot.handlers.registry import HANDLERS
    from workers.github import permissions

    used = {one for name, job in vars(permissions).items() if name.isupper() for one in job}
    used -= set(permissions.OPTIONAL)
    write = {name for name, level in used if level == "write"}
    least = {name: "write" if name in write else level for name, level in used}
    assert manifest["default_permissions"] == least
    always = {"installation", "installation_repositories", "installation_target", "ping"}
    assert set(manifest["default_events"]) == set(HANDLERS) - always
    assert manifest["public"] is False
