"""Files that people get wrong, or make to harm us: each is answered in the words that stand beside it."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
import yaml

from config.errors import ConfigError
from config.loader import load
from config.yaml_tree import YamlProblem, read_tree

BROKEN = Path(__file__).parent / "broken"
EXAMPLE = Path(__file__).parents[2] / "config" / "data" / "example.yml"
FILES = sorted(BROKEN.glob("*.yml"))
CASES_MIN = 60
BILLION = "a: &a [x]\n" + "\n".join(
    f"{b}: &{b} [*{a},*{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

MADE = {
    "5 MB": (b"#" * 5_000_000, "the file has 5,000,000 bytes; at most 65,536 are read. Shorten it."),
    "Latin-1": (b"a: 1\ntone: sch\xf6n\n", "line 2: can't be read: it is not UTF-8. Save it as UTF-8."),
    "UTF-16": ("review: {}".encode("utf-16"), "can't be read: it is UTF-16, not UTF-8. Save it as UTF-8."),
    "NUL": (b"# fine\nx: \x00", "line 2, column 4: the character U+0000 is not allowed."),
    "deep lists": (b"[" * 60_000, "line 1, column 13: nested deeper than 12 levels. Flatten it."),
    "deep mappings": (b"{a: " * 15_000, "line 1, column 46: nested deeper than 12 levels. Flatten it."),
    "many values": (b"[" + b"a," * 20_000 + b"]", "line 1, column 20000: more than 10,000 values. Shorten the file."),
    "alias bomb": (BILLION.encode(), "line 2, column 8: aliases (`*name`) are not supported. Write the value out."),
    "long key": (b"a" * 1_000 + b": 1", f"line 1, column 1, `{'a' * 79}…`: is not a key. Keys here are `language`, "
                 "`tone`, `review`, `ignore`, `commands`, `orchestration`, `write`."),
    "long tone": (b"tone: " + b"x" * 300, "line 1, column 1, `tone`: has more than 250 characters."),
    "long glob": (b"ignore: {paths: [" + b"x" * 201 + b"]}",
                  "line 1, column 18, `ignore.paths[0]`: has more than 200 characters."),
    "many globs": (b"ignore: {paths: [" + b"x," * 101 + b"]}",
                   "line 1, column 10, `ignore.paths`: has more than 100 entries."),
}  # fmt: skip


def problems(data: bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        load(data, "quorum.yml")
    return "\n".join(map(str, caught.value.problems))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file_is_explained(file: Path) -> None:
    assert problems(file.read_bytes()) == file.with_suffix(".txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize(("data", "expected"), MADE.values(), ids=MADE.keys())
def test_bytes_are_explained(data: bytes, expected: str) -> None:
    assert problems(data) == expected


def test_corpus_is_large() -> None:
    assert len(FILES) + len(MADE) >= CASES_MIN


def test_pure_python_refuses_the_same_files() -> None:
    """Where PyYAML was built without libyaml; it passes over directives that it does not know."""
    for file in FILES:
        if file.stem == "percent":
            continue
        assert _refused(file, yaml.SafeLoader) == _refused(file, yaml.CSafeLoader), file.name


def _refused(file: Path, parser: type) -> bool:
    try:
        read_tree(file.read_text(encoding="utf-8"), parser)
    except YamlProblem:
        return True
    return False


def test_any_bytes_are_read_or_explained() -> None:
    """No bytes raise anything but ConfigError: noise, and the example with pieces lost, doubled and swapped."""
    chance = random.Random(5)
    example = EXAMPLE.read_bytes()
    for number in range(2_000):
        data = chance.randbytes(chance.randrange(80)) if number % 4 == 0 else _mutated(example, chance)
        with contextlib.suppress(ConfigError):
            load(data, "quorum.yml")


def _mutated(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    piece = bytearray(data[start : start + 600])
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(piece) + 1)
        piece[place : place + chance.randrange(3)] = chance.choice(
            [
                b"[",
                b"{",
                b"}",
                b"\n",
                b"\t",
                b": ",
                b"- ",
                b"&a ",
                b"*a",
                b"!!x ",
                b"'",
                b'"',
                b"0x",
                b"~",
                b"\xff",
            ]
        )
    return bytes(piece)
