"""What is said about how a change is looked at."""

from __future__ import annotations

from tests.workers.experts.changes import added, change
from workers.analysis.source import Analysis, sources
from workers.domain.change import ChangedFile, Snapshot
from workers.experts.base import View
from workers.experts.registry import EXPERTS
from workers.pipelines.scope import Scope, scope_of

NAMES = ("security", "quality", "dependency")


def scoped(*files: ChangedFile, risky_paths: tuple[str, ...] = ()) -> Scope:
    whole = change(*files)
    view = View(whole, Snapshot({}, complete=True), Analysis(), sources(whole))
    chosen = [expert for expert in EXPERTS if expert.aspect.value in ("security", "quality")]
    return scope_of(view, EXPERTS, chosen, NAMES, risky_paths)


def test_risky_paths_are_named() -> None:
    assert scoped(added("auth/login.py", "x = 1\n"), added("shop/cart.py", "x = 1\n")).risky == (
        "auth/login.py",
    )
    assert scoped(added("shop/cart.py", "x = 1\n"), risky_paths=("shop/**",)).risky == ("shop/cart.py",)


def test_more_changed_code_looks_harder() -> None:
    small, large = scoped(added("a.py", "x = 1\n")), scoped(added("a.py", "x = 1\n" * 1_000))
    assert 0 < small.complexity < 0.1 < large.complexity <= 1


def test_sides_that_do_not_look_are_told_with_the_reason() -> None:
    text = str(scoped(added("a.py", "x = 1\n")))
    assert "**Looked at from** security and quality; nothing to see for dependency; " in text
    assert "documentation not in `review.experts`" in text


def test_many_risky_paths_are_counted() -> None:
    text = str(scoped(*(added(f"auth/f{number}.py", "x = 1\n") for number in range(7))))
    assert text.count("`auth/") == 5
    assert "and 2 more" in text


def test_a_path_can_not_leave_its_code_span() -> None:
    assert "`auth/a.py`" in str(scoped(added("auth/`a.py", "x = 1\n")))
