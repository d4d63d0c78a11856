"""What is said about how a change is looked at."""

from __future__ import annotations

from dataclasses import replace

from tests.workers.experts.changes import added, change
from workers.analysis.source import Analysis, sources
from workers.domain.change import ChangedFile, Snapshot
from workers.domain.finding import Aspect
from workers.experts.base import View
from workers.experts.intent_values import Intent, LookAt
from workers.experts.registry import EXPERTS
from workers.experts.shares import shares
from workers.github.leaks import LiveSecrets
from workers.github.sanitise import Sanitiser
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


GUESS = Intent(
    purpose="Closes `#1`, says @mona </details> [here](https://evil.example)",
    look_at=(LookAt("shop/cart.py", "Prices `may` round twice."),),
    model="model-a",
)


def test_how_it_is_asked_and_what_it_seems_to_be_for_is_told() -> None:
    plan = shares((Aspect.SECURITY, Aspect.QUALITY))
    text = str(replace(scoped(), mode="parallel", seats=3, batches=2, shares=plan, intent=GUESS))
    assert "- **Asked** parallel, up to 3 model families a question, 2 parts\n" in text
    assert "- **Budget by side**: security 50%, quality 50%\n" in text
    assert "  - `shop/cart.py`: Prices 'may' round twice." in text


def test_without_models_nothing_is_told_of_them() -> None:
    assert "Asked" not in str(scoped())
    assert "guess" not in str(replace(scoped(), intent=Intent()))


def test_a_guess_is_inert_where_it_is_shown() -> None:
    text = str(replace(scoped(), intent=GUESS))
    shown = Sanitiser("https://github.com/octo/shop", LiveSecrets()).clean(text)
    assert "What it seems to be for" in shown
    assert not any(bad in shown for bad in ("@mona", "</details>", "](https", "#1"))
