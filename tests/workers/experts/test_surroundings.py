"""What only other files show is shown: callers of what changed, and the heads of what is called."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.experts.changes import changed
from tests.workers.experts.views import gone, replaced, unanalysed
from workers.domain.change import ChangedFile
from workers.domain.finding import Aspect
from workers.experts.base import View
from workers.experts.batching import Batch
from workers.experts.excerpt import pieces
from workers.experts.question_writer import prepared
from workers.experts.questions import AskLimits, Inquiry
from workers.experts.surroundings import SearchLimits, surroundings
from workers.experts.surroundings_lines import Use, mentions
from workers.experts.surroundings_text import told

PAYMENTS = """\
from shop.gateway import send


def charge(cart, currency, *, retries):
    check(currency)
    return send(cart.total(), currency, retries)


def check(currency):
    assert len(currency) == 3


def refund(order):
    return charge(order, "EUR")
"""
PATCH = """\
@@ -4,2 +4,3 @@
-def charge(cart, currency):
-    return send(cart.total(), currency)
+def charge(cart, currency, *, retries):
+    check(currency)
+    return send(cart.total(), currency, retries)
"""
GATEWAY = "def send(total, currency):\n    return post(total, currency)\n"
CHECKOUT = """\
from shop.payments import charge


class Checkout:
    def finish(self, cart):
        if cart.empty:
            return None

        # charge it
        self.log("charging")

        return charge(cart, "EUR")
"""


def view(around: Mapping[str, str], file: ChangedFile | None = None) -> View:
    return unanalysed(file or changed("shop/payments.py", PATCH, PAYMENTS), around=around)


def found(seen: View) -> list[tuple[str, int]]:
    return [(one.path, one.line) for ones in surroundings(seen, SearchLimits()).values() for one in ones]


def test_the_caller_that_was_not_adapted_is_in_the_prompt() -> None:
    """The defect of this change, a missing argument, stands in another file alone."""
    seen = view({"shop/checkout.py": CHECKOUT})
    inquiry = Inquiry(
        seen.change,
        seen.change.files,
        {Aspect.QUALITY: "what goes wrong."},
        symbols=seen.analysis.symbols,
        surroundings=surroundings(seen, SearchLimits()),
    )
    (task,) = prepared(inquiry, "b0undary", AskLimits(), 32_000).tasks
    block = task.prefix.split("<<< b0undary elsewhere in the repository\n")[1].split(">>> b0undary")[0]
    assert "=== shop/checkout.py: uses `charge`, which is called otherwise after this change\n" in block
    assert "     5 |     def finish(self, cart):\n       …\n" in block
    assert '    12 |         return charge(cart, "EUR")\n' in block


def test_what_all_leaves_out_is_looked_for_everywhere() -> None:
    file = changed("shop/payments.py", PATCH, f'{PAYMENTS}\n__all__ = ["refund"]\n')
    assert ("web/checkout.py", 12) in found(view({"web/checkout.py": CHECKOUT}, file))


def test_callers_come_first_and_the_nearest_of_them_before_the_others() -> None:
    around = {
        "web/pay.py": "import shop.payments\n\nshop.payments.charge(1, 2)\n",
        "tests/test_pay.py": "from shop.payments import charge\n\ncharge(1, 2)\n",
        "shop/checkout.py": CHECKOUT,
        "shop/gateway.py": GATEWAY,
        "far/away.py": "handlers = {1: lambda charge: charge}\n\npayments.charge(1, 2)\n",
    }
    assert found(view(around)) == [
        ("shop/payments.py", 14),
        ("shop/checkout.py", 12),
        ("web/pay.py", 3),
        ("far/away.py", 3),
        ("tests/test_pay.py", 3),
        ("shop/payments.py", 9),
        ("shop/gateway.py", 1),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("vendor/pay.py", CHECKOUT),
        ("shop/pay_pb2.py", CHECKOUT),
        ("private/pay.py", CHECKOUT),
        ("docs/pay.md", CHECKOUT),
        ("shop/pay.go", CHECKOUT),
        ("other/parameter.py", "def pay(charge):\n    return charge() + battery.charge  # charge\n"),
        ("other/own.py", "def charge(x):\n    return x\n\ncharge(1)\n"),
        ("other/words.py", "recharge(1)\n# charge(2)\nfrom x import charge\n__all__ = [\n    'charge',\n]\n"),
    ],
)
def test_what_people_did_not_write_or_is_another_s_is_not_shown(path: str, text: str) -> None:
    seen = replace(view({path: text}), ignored=lambda path: path.startswith("private/"))
    assert path not in {place for place, _ in found(seen)}


def test_callers_of_what_is_gone_are_shown() -> None:
    file = changed(
        "shop/payments.py", "@@ -1,2 +1,1 @@\n-def charge(cart):\n-    return 1\n+RATE = 1\n", "RATE = 1\n"
    )
    assert found(view({"shop/checkout.py": CHECKOUT}, file)) == [("shop/checkout.py", 12)]
    assert found(view({"shop/checkout.py": CHECKOUT}, gone("shop/payments.py"))) == []


def test_whoever_makes_what_has_other_fields_now_is_shown() -> None:
    text = "@dataclass\nclass Order:\n    id: int\n    currency: str\n"
    file = changed(
        "shop/order.py", "@@ -2,2 +2,3 @@\n class Order:\n     id: int\n+    currency: str\n", text
    )
    user = "from shop.order import Order\n\n\ndef show(order: Order):\n    return order\n\n\nnew = Order(1)\n"
    (one,) = surroundings(view({"shop/new.py": user}, file), SearchLimits())["shop/order.py"]
    assert (one.path, one.line, one.why) == (
        "shop/new.py",
        8,
        "uses `Order`, which has other fields after this change",
    )


def test_a_method_that_many_have_is_looked_for_only_where_its_file_is_imported() -> None:
    text = "class Cart:\n    def total(self, tax):\n        return self.sum * tax\n"
    patch = "@@ -2,1 +2,1 @@\n-    def total(self):\n+    def total(self, tax):\n"
    around = {
        "shop/page.py": "from shop.cart import Cart\n\nprint(Cart().total())\n",
        "bank/account.py": "class Account:\n    def total(self):\n        return 1\n",
        "bank/page.py": "from bank.account import Account\n\nprint(Account().total())\n",
    }
    assert found(view(around, changed("shop/cart.py", patch, text))) == [("shop/page.py", 3)]


@pytest.mark.parametrize(
    ("path", "text", "patch", "caller", "line"),
    [
        (
            "src/cart.ts",
            "export function total(items: Item[], tax: number) {\n  return sum(items) * tax;\n}\n",
            "@@ -1,3 +1,3 @@\n-export function total(items: Item[]) {\n-  return sum(items);\n"
            "+export function total(items: Item[], tax: number) {\n+  return sum(items) * tax;\n }\n",
            ("src/page.tsx", "import { total } from './cart';\n\nconst Page = () => {\n  show(total(items));\n}\n"),
            4,
        ),
        (
            "cart.go",
            "package shop\n\nfunc (c *Cart) Total(tax int) int {\n\treturn c.sum * tax\n}\n",
            "@@ -3,2 +3,2 @@\n-func (c *Cart) Total() int {\n-\treturn c.sum\n"
            "+func (c *Cart) Total(tax int) int {\n+\treturn c.sum * tax\n",
            ("page.go", "package shop\n\nfunc Page(c *Cart) {\n\tshow(c.Total())\n}\n"),
            4,
        ),
        (
            "Cart.java",
            "class Cart {\n  public int total(int tax) {\n    return sum * tax;\n  }\n}\n",
            "@@ -2,2 +2,2 @@\n-  public int total() {\n-    return sum;\n"
            "+  public int total(int tax) {\n+    return sum * tax;\n",
            ("Page.java", "class Page {\n  void show(Cart cart) {\n    out(cart.total());\n  }\n}\n"),
            3,
        ),
    ],
)  # fmt: skip
def test_callers_are_found_in_other_languages(
    path: str, text: str, patch: str, caller: tuple[str, str], line: int
) -> None:
    assert (caller[0], line) in found(view(dict([caller]), changed(path, patch, text)))


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("x = charge(1)", Use.CALL),
        ("x = charge", Use.OTHER),
        ("if charge(1):", Use.CALL),
        ("    charge({", Use.CALL),
        ("def charge(a):", Use.DEFINITION),
        ("func (c *Cart) charge() {", Use.DEFINITION),
        ("const charge = () => 1", Use.DEFINITION),
        ("  async charge(a) {", Use.DEFINITION),
        ("import charge", Use.IMPORT),
        ("// charge(1)", Use.SILENT),
        ("see `charge`", Use.SILENT),
    ],
)
def test_a_line_tells_how_it_uses_a_name(text: str, use: Use) -> None:
    assert [one.use for one in mentions(f"a\n{text}\nb", "charge")] == [use]


def test_a_secret_around_a_call_is_not_shown() -> None:
    key = "\n".join(
        [
            "-----BEGIN PRIVATE KEY-----",
            *["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" * 2] * 3,
            "-----END PRIVATE KEY-----",
        ]
    )
    text = f'from shop.payments import charge\n\nKEY = """{key}"""\ncharge(1, 2)\n'
    (ones,) = surroundings(view({"shop/keys.py": text}), SearchLimits()).values()
    shown = "\n".join(one.text for one in ones if one.path == "shop/keys.py")
    assert "charge(1, 2)" in shown
    assert "MII" not in shown


def test_a_large_repository_takes_no_time_worth_speaking_of() -> None:
    text = "from shop.payments import other\n\n\ndef page(cart):\n    return cart.show()\n" * 20
    around = {f"app/part{number % 50}/module{number}.py": text for number in range(5_000)}
    seen = view(around | {"shop/checkout.py": CHECKOUT})
    started = time.process_time()
    assert ("shop/checkout.py", 12) in found(seen)
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    "line",
    [
        "charge" * 20_000,
        "charge " * 20_000,
        "charge(" * 20_000,
        "((((" * 30_000 + "charge(",
        "a." * 120_000 + "charge(",
    ],
    ids=["one word", "words", "calls", "brackets", "dots"],
)
def test_a_hostile_line_is_read_in_linear_time(line: str) -> None:
    file = changed(
        "shop/payments.py", f"@@ -1,1 +1,2 @@\n-def charge(cart):\n+{line}\n+x = 1\n", f"{line}\nx = 1\n"
    )
    seen = view({"shop/long.py": f"from shop import payments\n{line}\n"}, file)
    started = time.process_time()
    found(seen)
    assert time.process_time() - started < 0.5


TEXTS = st.lists(
    st.sampled_from(
        [
            "def charge(a):",
            "class Charge:",
            "    return charge(1)",
            "charge",
            "\t}",
            "function pay() {",
            "x = pay(",
            "",
            "é\u2028",
            '"""',
        ]
    ),
    max_size=12,
).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["py", "ts", "go", "java"]), st.integers(0, 600))
def test_whatever_the_code_nothing_raises_and_the_limit_holds(
    old: str, new: str, other: str, ending: str, max_chars: int
) -> None:
    file = replaced(f"a/one.{ending}", old, new)
    around = surroundings(view({f"a/two.{ending}": other, f"b/three.{ending}": other}, file), SearchLimits())
    batch = Batch(pieces(file, (), 10_000))
    assert len(told(around, batch, max_chars)) <= max_chars
    assert all(
        one.path != file.path or one.line not in file.hunks[0].right
        for ones in around.values()
        for one in ones
    )
