"""What an unquoted word means, and where it stands."""

from __future__ import annotations

import pytest
import yaml

from config.yaml_tree import dotted, read_tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True), ("Off", False), ("~", None), ("8", 8), ("1_000", 1000), ("-3", -3), ("0.85", 0.85),
        ("1e3", 1000.0),
        ("2020-01-01", "2020-01-01"), ("1:30", "1:30"), ("'8'", "8"), ("1.2.3", "1.2.3"), ("=", "="), ("-x", "-x"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("parser", [yaml.CSafeLoader, yaml.SafeLoader])
def test_word_has_one_meaning(text: str, value: object, parser: type) -> None:
    assert read_tree(f"a: {text}", parser).value == {"a": value}


def test_places_are_known() -> None:
    tree = read_tree("a:\n  b: [x, y]\n")
    assert (tree.place(("a", "b")), tree.place(("a", "b", 1)), tree.place(("a", "c"))) == (
        (2, 3),
        (2, 10),
        (1, 1),
    )


def test_paths_are_dotted() -> None:
    assert dotted(("review", "experts", 2)) == "review.experts[2]"
